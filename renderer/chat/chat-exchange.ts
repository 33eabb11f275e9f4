import { type ChatItems, MAX_CHAT_DELETIONS, MAX_CHAT_MESSAGES } from '../../protocol/chat.ts';
import type { PeerMessage } from '../../protocol/peer-messages.ts';
import { FloodGate } from '../rooms/mesh-channel.ts';
import type { Topology } from '../rooms/topology.ts';
import type { ChatHistory } from './chat-history.ts';
import { type ChatSaid, chatParts } from './chat-parts.ts';

/** Messages and deletions that a peer may tell in 10 s: a whole history, and what is said then. */
const MAX_TOLD = 700;
/** Offers and wishes of a peer in 10 s. */
const MAX_ASKED = 60;
/** Items that nobody could believe, after which a peer is not listened to any more. */
const MAX_REFUSED = 20;
/** Items that are known to be somewhere, and not yet here. */
const MAX_OFFERED = MAX_CHAT_MESSAGES + MAX_CHAT_DELETIONS;
/** A peer that does not tell what it offered within this is not asked for it again. */
const TELL_WITHIN_MS = 5000;
/** What is learned is offered to the others after this long, in one piece. */
const OFFER_AFTER_MS = 1500;

/** What became of items that a peer told. */
export interface Taken {
  /** New, and kept. */
  learned: ChatItems;
  /** Not authentic. */
  refused: number;
  /** Of these it could not be told whether they are authentic. */
  unchecked: ChatItems;
}

export interface ChatExchangeOptions {
  topology: Pick<Topology, 'send' | 'broadcast'>;
  history: ChatHistory;
  /** Checks what a peer told and keeps what is authentic. Never rejects. */
  take(said: ChatSaid): Promise<Taken>;
  /** Runs something later, unless it is cancelled by what this answers. */
  later?: (run: () => void, afterMs: number) => () => void;
}

interface Peer {
  told: FloodGate;
  asked: FloodGate;
  refused: number;
}

interface Offer {
  item: ChatItems;
  /** Who has it, and was not asked in vain. */
  peers: Set<string>;
  /** Who is asked just now. */
  asked: string | undefined;
}

/**
 * Brings a chat to everybody, whether or not they are connected to who spoke, and to whoever comes
 * later or was away: peers tell each other what they have, and ask for what they lack.
 */
export class ChatExchange {
  readonly #options: ChatExchangeOptions;
  readonly #later: NonNullable<ChatExchangeOptions['later']>;
  readonly #peers = new Map<string, Peer>();
  readonly #offers = new Map<string, Offer>();
  #news: ChatItems = nothing();
  #cancelOffer: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  /** One after the other, so that what one peer told is not checked again for the next. */
  #tail: Promise<void> = Promise.resolve();

  constructor(options: ChatExchangeOptions) {
    this.#options = options;
    this.#later = options.later ?? later;
  }

  /** The channel to a peer is open, for the first time or again. */
  opened(peerId: string): void {
    const { history, topology } = this.#options;
    if (isNothing(history.items)) return;
    topology.send(peerId, { type: 'chat:have', ...history.items });
  }

  /** A peer has left. */
  closed(peerId: string): void {
    for (const offer of this.#offers.values()) this.#withdraw(offer, peerId);
    this.#ask();
  }

  receive(peerId: string, message: PeerMessage): void {
    const peer = this.#peerOf(peerId);
    if (peer.refused > MAX_REFUSED) return;
    if (message.type === 'chat:said') this.#told(peerId, peer, message);
    else if (message.type === 'chat:have' && peer.asked.passes()) this.#offered(peerId, message);
    else if (message.type === 'chat:want' && peer.asked.passes()) this.#wanted(peerId, message);
  }

  stop(): void {
    this.#cancelOffer?.();
    this.#cancelRetry?.();
    this.#offers.clear();
  }

  #offered(peerId: string, offered: ChatItems): void {
    const { history } = this.#options;
    for (const item of singly(offered)) {
      if (isIn(history, item)) continue;
      const key = JSON.stringify(item);
      const known = this.#offers.get(key);
      if (known) known.peers.add(peerId);
      else if (this.#offers.size < MAX_OFFERED) {
        this.#offers.set(key, { item, peers: new Set([peerId]), asked: undefined });
      }
    }
    this.#ask();
  }

  /** Asks for what nobody is asked for yet. */
  #ask(): void {
    const wishes = new Map<string, ChatItems>();
    for (const offer of this.#missing()) {
      if (offer.asked !== undefined) continue;
      const [peerId] = offer.peers;
      if (peerId === undefined) continue;
      offer.asked = peerId;
      const wish = wishes.get(peerId) ?? nothing();
      wishes.set(peerId, wish);
      addTo(wish, offer.item);
    }
    for (const [peerId, wish] of wishes) {
      this.#options.topology.send(peerId, { type: 'chat:want', ...wish });
    }
    if (wishes.size > 0) this.#cancelRetry ??= this.#later(() => this.#retry(), TELL_WITHIN_MS);
  }

  #retry(): void {
    this.#cancelRetry = undefined;
    for (const offer of this.#missing()) {
      if (offer.asked !== undefined) this.#withdraw(offer, offer.asked);
    }
    this.#ask();
  }

  /** Offers of what is not here; the others are forgotten. */
  #missing(): Offer[] {
    const { history } = this.#options;
    for (const [key, { item, peers }] of this.#offers) {
      if (isIn(history, item) || peers.size === 0) this.#offers.delete(key);
    }
    return [...this.#offers.values()];
  }

  #withdraw(offer: Offer, peerId: string): void {
    offer.peers.delete(peerId);
    if (offer.asked === peerId) offer.asked = undefined;
  }

  #wanted(peerId: string, wish: ChatItems): void {
    const { history, topology } = this.#options;
    for (const part of chatParts(history.get(wish))) topology.send(peerId, part);
  }

  #told(peerId: string, peer: Peer, said: ChatSaid): void {
    const count = Math.max(1, said.messages.length + said.deletions.length);
    for (let n = 0; n < count; n += 1) if (!peer.told.passes()) return;
    this.#tail = this.#tail.then(async () => {
      const { learned, refused, unchecked } = await this.#options.take(said);
      peer.refused += refused;
      this.#offerLater(learned);
      if (isNothing(unchecked)) this.#ask();
      else this.#later(() => this.#offered(peerId, unchecked), TELL_WITHIN_MS);
    });
  }

  #offerLater(learned: ChatItems): void {
    if (isNothing(learned)) return;
    addTo(this.#news, learned);
    this.#cancelOffer ??= this.#later(() => {
      this.#cancelOffer = undefined;
      const { messages, deletions } = this.#news;
      this.#news = nothing();
      this.#options.topology.broadcast({
        type: 'chat:have',
        messages: messages.slice(-MAX_CHAT_MESSAGES),
        deletions: deletions.slice(-MAX_CHAT_DELETIONS),
      });
    }, OFFER_AFTER_MS);
  }

  #peerOf(peerId: string): Peer {
    const known = this.#peers.get(peerId);
    if (known) return known;
    const gate = (most: number) => new FloodGate(undefined, most);
    const peer = { told: gate(MAX_TOLD), asked: gate(MAX_ASKED), refused: 0 };
    this.#peers.set(peerId, peer);
    return peer;
  }
}

function nothing(): ChatItems {
  return { messages: [], deletions: [] };
}

function singly({ messages, deletions }: ChatItems): ChatItems[] {
  return [
    ...messages.map((messageId) => ({ messages: [messageId], deletions: [] })),
    ...deletions.map((deletion) => ({ messages: [], deletions: [deletion] })),
  ];
}

function isIn(history: ChatHistory, { messages, deletions }: ChatItems): boolean {
  return (
    messages.every((messageId) => history.knows(messageId)) &&
    deletions.every((deletion) => history.knowsDeletion(deletion))
  );
}

function isNothing({ messages, deletions }: ChatItems): boolean {
  return messages.length === 0 && deletions.length === 0;
}

function addTo(items: ChatItems, more: ChatItems): void {
  items.messages.push(...more.messages);
  items.deletions.push(...more.deletions);
}

function later(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}
