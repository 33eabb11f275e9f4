import { MAX_MODERATION_EVENTS, type SignedModerationEvent } from '../../../protocol/moderation.ts';
import { MAX_EVENTS_PER_MESSAGE, type PeerMessage } from '../../../protocol/peer-messages.ts';
import { Emitter } from '../emitter.ts';
import { type EventsMessage, messageParts } from './message-parts.ts';
import type { MergeOutcome, ModerationLog, Refusal } from './moderation-log.ts';

/** A peer that sent more events than this that nobody could believe is not listened to any more. */
export const MAX_REFUSED_EVENTS = 20;

/** Messages of one peer that wait for their turn: its whole log, twice. */
const MAX_WAITING = (2 * MAX_MODERATION_EVENTS) / MAX_EVENTS_PER_MESSAGE;

export interface GossipOptions {
  log: ModerationLog;
  /** Over the data channel to one peer; doesn’t throw where that has just closed. */
  send(peerId: string, message: PeerMessage): void;
  /** Over all open data channels. */
  broadcast(message: PeerMessage): void;
}

export interface GossipEvents {
  /** A peer sent an event that is not believed. */
  refused: Refusal & { peerId: string };
  /** An event could not be checked; it comes again when a channel opens. */
  unchecked: MergeOutcome['unchecked'][number] & { peerId: string };
  /** A peer has sent nothing but rubbish for too long, or far too much. */
  ignored: { peerId: string };
}

interface Sender {
  refused: number;
  waiting: number;
  ignored: boolean;
  /** Its messages one after the other: one peer's flood doesn't hold up the others'. */
  tail: Promise<void>;
}

/**
 * Carries a room's moderation from peer to peer over the data channels, so that it reaches everybody
 * without the node, also those who are not connected to its author. What a log accepts, from
 * whichever side it came, is told once to each peer that is not known to have it; so every event
 * crosses a channel at most once in each direction, and nothing goes round in circles.
 */
export class ModerationGossip extends Emitter<GossipEvents> {
  readonly #log: ModerationLog;
  readonly #send: GossipOptions['send'];
  readonly #broadcast: GossipOptions['broadcast'];
  /** Peers with an open channel, and the ids of events that they have. */
  readonly #channels = new Map<string, Set<string>>();
  /** Outlives channels: coming back is no fresh start. */
  readonly #senders = new Map<string, Sender>();
  readonly #stopListening: () => void;
  #stopped = false;

  constructor({ log, send, broadcast }: GossipOptions) {
    super();
    this.#log = log;
    this.#send = send;
    this.#broadcast = broadcast;
    this.#stopListening = log.on('changed', ({ events }) => this.#tell(events));
  }

  /** The channel to a peer is open: it is told all we know, and tells us. */
  opened(peerId: string): void {
    const { events } = this.#log;
    this.#channels.set(peerId, new Set(events.map(({ eventId }) => eventId)));
    for (const message of messageParts(events)) this.#send(peerId, message);
  }

  closed(peerId: string): void {
    this.#channels.delete(peerId);
  }

  /** A peer's message. Resolves once it is merged, or put aside because the peer is ignored. */
  receive(peerId: string, message: EventsMessage): Promise<void> {
    const sender = this.#senderOf(peerId);
    if (sender.waiting >= MAX_WAITING) this.#ignore(peerId, sender);
    if (sender.ignored || this.#stopped) return Promise.resolve();
    sender.waiting += 1;
    const merged = sender.tail
      .then(() => this.#merge(peerId, sender, message.events))
      .finally(() => {
        sender.waiting -= 1;
      });
    // Who gave us the message hears of a failure; the peer's next message is not held up by it.
    sender.tail = merged.catch(() => undefined);
    return merged;
  }

  isIgnored(peerId: string): boolean {
    return this.#senders.get(peerId)?.ignored ?? false;
  }

  /** Resolves once all that was received so far is merged: who acts then has seen it. */
  async settled(): Promise<void> {
    await Promise.all([...this.#senders.values()].map(({ tail }) => tail));
    await this.#log.settled();
  }

  /** The room is left. */
  stop(): void {
    this.#stopListening();
    this.#channels.clear();
    this.#stopped = true;
  }

  async #merge(
    peerId: string,
    sender: Sender,
    events: readonly SignedModerationEvent[],
  ): Promise<void> {
    if (sender.ignored || this.#stopped) return;
    const known = this.#channels.get(peerId);
    // Before they are merged, so that they are not sent back to where they came from.
    const added = events.filter(({ eventId }) => known && !known.has(eventId));
    for (const { eventId } of added) known?.add(eventId);
    const { refused, unchecked } = await this.#log.merge(events);
    for (const { eventId } of added) if (!this.#log.has(eventId)) known?.delete(eventId);
    for (const refusal of refused) this.emit('refused', { ...refusal, peerId });
    for (const failure of unchecked) this.emit('unchecked', { ...failure, peerId });
    sender.refused += refused.length;
    if (sender.refused > MAX_REFUSED_EVENTS) this.#ignore(peerId, sender);
  }

  #tell(events: readonly SignedModerationEvent[]): void {
    if (this.#channels.size === 0) return;
    const missing = [...this.#channels].map(([peerId, known]) => {
      const news = events.filter(({ eventId }) => !known.has(eventId));
      for (const { eventId } of news) known.add(eventId);
      return { peerId, news };
    });
    if (missing.every(({ news }) => news.length === events.length)) {
      for (const message of messageParts(events)) this.#broadcast(message);
      return;
    }
    for (const { peerId, news } of missing) {
      for (const message of messageParts(news)) this.#send(peerId, message);
    }
  }

  #senderOf(peerId: string): Sender {
    const known = this.#senders.get(peerId);
    if (known) return known;
    const sender = { refused: 0, waiting: 0, ignored: false, tail: Promise.resolve() };
    this.#senders.set(peerId, sender);
    return sender;
  }

  #ignore(peerId: string, sender: Sender): void {
    if (sender.ignored) return;
    sender.ignored = true;
    this.emit('ignored', { peerId });
  }
}
