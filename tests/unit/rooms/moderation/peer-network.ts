import type { SignedModerationEvent } from '../../../../protocol/moderation.ts';
import { PeerMessage } from '../../../../protocol/peer-messages.ts';
import type { EventVerdict } from '../../../../renderer/rooms/moderation/event-refusal.ts';
import { ModerationGossip } from '../../../../renderer/rooms/moderation/moderation-gossip.ts';
import { ModerationLog } from '../../../../renderer/rooms/moderation/moderation-log.ts';
import { believesAll } from './moderation-fixtures.ts';

export interface Peer {
  id: string;
  log: ModerationLog;
  gossip: ModerationGossip;
}

interface Letter {
  from: Peer;
  to: Peer;
  text: string;
}

/**
 * Peers with data channels in memory: messages wait until they are delivered, one at a time, and
 * are lost when their channel closes.
 */
export class PeerNetwork {
  readonly peers: Peer[];
  /** Every event that went over a channel: from, to, eventId. */
  readonly carried: string[] = [];
  readonly #open = new Set<string>();
  #letters: Letter[] = [];

  constructor(
    size: number,
    verify: (event: SignedModerationEvent) => Promise<EventVerdict> = believesAll,
  ) {
    this.peers = Array.from({ length: size }, (_, index) => {
      const id = `peer_${String(index).padStart(12, '0')}`;
      const log = new ModerationLog({ verify });
      const gossip = new ModerationGossip({
        log,
        send: (to, message) => this.#post(id, to, message),
        broadcast: (message) => {
          for (const peer of this.peers) {
            if (this.#open.has(linkOf(id, peer.id))) this.#post(id, peer.id, message);
          }
        },
      });
      return { id, log, gossip };
    });
  }

  /** @param seed wraps around, so that any number names somebody. */
  peer(seed: number): Peer {
    const peer = this.peers[seed % this.peers.length];
    if (!peer) throw new Error('nobody is there');
    return peer;
  }

  get waiting(): number {
    return this.#letters.length;
  }

  open(a: Peer, b: Peer): void {
    if (a === b || this.#open.has(linkOf(a.id, b.id))) return;
    this.#open.add(linkOf(a.id, b.id));
    a.gossip.opened(b.id);
    b.gossip.opened(a.id);
  }

  close(a: Peer, b: Peer): void {
    const link = linkOf(a.id, b.id);
    if (!this.#open.delete(link)) return;
    this.#letters = this.#letters.filter(({ from, to }) => linkOf(from.id, to.id) !== link);
    a.gossip.closed(b.id);
    b.gossip.closed(a.id);
  }

  openAll(): void {
    for (const a of this.peers) for (const b of this.peers) this.open(a, b);
  }

  closeAll(): void {
    for (const a of this.peers) for (const b of this.peers) this.close(a, b);
  }

  /** Peers in a row: each knows its neighbours alone. */
  openRow(): void {
    for (const [index, peer] of this.peers.slice(1).entries()) this.open(this.peer(index), peer);
  }

  /** Delivers one of the waiting messages; `seed` says which. */
  async deliver(seed: number): Promise<void> {
    const [letter] = this.#letters.splice(seed % Math.max(1, this.#letters.length), 1);
    if (!letter) return;
    const message = PeerMessage.parse(JSON.parse(letter.text));
    if (message.type !== 'moderation:events') throw new Error('not about moderation');
    for (const { eventId } of message.events) {
      this.carried.push(`${letter.from.id} ${letter.to.id} ${eventId}`);
    }
    await letter.to.gossip.receive(letter.from.id, message);
  }

  async settle(): Promise<void> {
    while (this.waiting > 0) await this.deliver(0);
  }

  #post(from: string, to: string, message: PeerMessage): void {
    if (!this.#open.has(linkOf(from, to))) throw new Error('There is no channel.');
    const find = (id: string) => this.peer(this.peers.findIndex((peer) => peer.id === id));
    this.#letters.push({ from: find(from), to: find(to), text: JSON.stringify(message) });
  }
}

function linkOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
