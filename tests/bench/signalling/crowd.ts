/** How many people signal, and in how many rooms. */
export const PEERS = 200;
export const ROOMS = 50;
const PEERS_PER_ROOM = PEERS / ROOMS;

/** An offer's candidates with their wrapping: 1.2 KB, the same for everybody. */
export const PAYLOAD_BYTES = 1200;

/** 200 connected peers of one kind of server, numbered; peers of the same room follow each other. */
export interface Crowd {
  /** Sends a payload from one peer to another of its room. */
  send(from: number, to: number, payload: string): void;
  /** Called with each payload that reached a peer. */
  onPayload(listener: (to: number, payload: string) => void): void;
  close(): void;
}

/** One of the other three in this peer's room, going round. */
export function roommate(peer: number, turn: number): number {
  const first = peer - (peer % PEERS_PER_ROOM);
  return first + (((peer % PEERS_PER_ROOM) + 1 + (turn % (PEERS_PER_ROOM - 1))) % PEERS_PER_ROOM);
}

/** The room a peer is in, 0 to 49. */
export function roomOf(peer: number): number {
  return Math.floor(peer / PEERS_PER_ROOM);
}

/** A payload that carries its sender and the time it was sent, by this process' clock. */
export function stampedPayload(from: number): string {
  const stamp = `candidate:${from}@${performance.now().toFixed(4)}@`;
  return stamp.padEnd(PAYLOAD_BYTES, 'x');
}

const STAMP = /candidate:(\d+)@([\d.]+)@/;

/** Reads {@link stampedPayload} from whatever it was wrapped in. */
export function readStamp(text: string): { from: number; sentAtMs: number } | undefined {
  const match = STAMP.exec(text);
  return match ? { from: Number(match[1]), sentAtMs: Number(match[2]) } : undefined;
}
