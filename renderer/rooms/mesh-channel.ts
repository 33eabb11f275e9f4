import { MAX_PEER_MESSAGE_BYTES, PeerMessage } from '../../protocol/peer-messages.ts';

/** Messages that a peer may send in any `FLOOD_WINDOW_MS`; a whole moderation log takes fewer. */
const FLOOD_MESSAGES = 100;
const FLOOD_WINDOW_MS = 10_000;

/** A message as it goes over the channel. Throws a `RangeError` where it is too long for one. */
export function encodePeerMessage(message: PeerMessage): string {
  const text = JSON.stringify(message);
  const sizeBytes = new TextEncoder().encode(text).length;
  if (sizeBytes > MAX_PEER_MESSAGE_BYTES) {
    throw new RangeError(`A message of ${sizeBytes} bytes is too long: send it in parts.`);
  }
  return text;
}

/** What came over the channel, or why it is none of ours. */
export function decodePeerMessage(data: Uint8Array): PeerMessage | { refused: string } {
  if (data.length > MAX_PEER_MESSAGE_BYTES) return { refused: `${data.length} bytes are too many` };
  try {
    const parsed = PeerMessage.safeParse(JSON.parse(new TextDecoder().decode(data)));
    return parsed.success ? parsed.data : { refused: 'it is not valid' };
  } catch {
    return { refused: 'it is not JSON' };
  }
}

/** Lets through what a peer may send, and counts nothing that it does not. */
export class FloodGate {
  readonly #now: () => number;
  readonly #messages: number;
  #passedAtMs: number[] = [];

  /**
   * @param now milliseconds of a clock that never goes back.
   * @param messages how many may pass in any 10 s.
   */
  constructor(now: () => number = () => performance.now(), messages: number = FLOOD_MESSAGES) {
    this.#now = now;
    this.#messages = messages;
  }

  /** Whether one more message may pass now. */
  passes(): boolean {
    const nowMs = this.#now();
    this.#passedAtMs = this.#passedAtMs.filter((atMs) => atMs > nowMs - FLOOD_WINDOW_MS);
    if (this.#passedAtMs.length >= this.#messages) return false;
    this.#passedAtMs.push(nowMs);
    return true;
  }
}
