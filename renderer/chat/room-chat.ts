import type { JWTVerifyGetKey } from 'jose';
import {
  type ChatDeletion,
  type ChatMessage,
  chatWords,
  MAX_CHAT_CHARACTERS,
  MAX_CHAT_MESSAGES,
  type SignedChatDeletion,
  type SignedChatMessage,
} from '../../protocol/chat.ts';
import { toBase64Url } from '../../protocol/encoding.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { PeerMessage } from '../../protocol/peer-messages.ts';
import type { Role } from '../../protocol/rooms.ts';
import type { Signer } from '../api/client.ts';
import { FloodGate } from '../rooms/mesh-channel.ts';
import type { Topology } from '../rooms/topology.ts';
import { type ChatTrust, verifyDeletion, verifyMessage } from './chat-verification.ts';

/** Messages that somebody may say in 10 s. */
const MAX_SAID = 10;
/** What a peer may tell in 10 s: its whole history, and what is said meanwhile. */
const MAX_TOLD = 60;
/** Peers that are asked for what was said before one came. */
const ASKED = 2;
/** A part of a history, well under what a channel carries in one piece. */
const PART_BYTES = 40_000;

type Said = Extract<PeerMessage, { type: 'chat:said' }>;

/** A message as it is shown. */
export interface ChatLine extends ChatMessage {
  /** What its author was in the room then. */
  role: Role;
}

export interface RoomChatOptions {
  roomId: string;
  self: { userId: string; displayName: string; role: () => Role };
  topology: Pick<Topology, 'on' | 'send' | 'broadcast'>;
  signer: Pick<Signer, 'signChat'>;
  nodeKeys: JWTVerifyGetKey;
  /** Our own valid mesh ticket. */
  ticket: () => string;
  /** The node's time, in milliseconds since the epoch. */
  now: () => number;
  /** Told with all that is shown, in its order, and what of it is new. */
  changed: (lines: readonly ChatLine[]) => void;
  /** A message that was checked; by whomever it was said. */
  said: (line: ChatLine) => void;
  /** A message was taken away. */
  unsaid: (messageId: string) => void;
}

/**
 * The chat of one room, from peer to peer over the data channels: the node has no part in it. Each
 * message is signed by its author, so that who comes later can believe what others tell of it.
 */
export class RoomChat {
  readonly #options: RoomChatOptions;
  readonly #messages = new Map<string, { signed: SignedChatMessage; role: Role }>();
  readonly #deletions = new Map<string, SignedChatDeletion>();
  readonly #gates = new Map<string, FloodGate>();
  readonly #own = new FloodGate(undefined, MAX_SAID);
  readonly #stopListening: (() => void)[];
  #asked = 0;
  /** One after the other, so that a deletion finds its message. */
  #tail: Promise<void> = Promise.resolve();

  constructor(options: RoomChatOptions) {
    this.#options = options;
    const { topology } = options;
    this.#stopListening = [
      topology.on('open', ({ peerId }) => this.#opened(peerId)),
      topology.on('message', ({ peerId, message }) => {
        if (message.type === 'chat:said') this.#receive(peerId, message);
        else if (message.type === 'chat:ask') this.#tellAll(peerId);
      }),
    ];
  }

  /**
   * Says something to everybody. Throws `validation-failed` for nothing or too much,
   * `rate-limited`.
   */
  async say(text: string): Promise<void> {
    const words = chatWords(text);
    if (words === '' || words.length > MAX_CHAT_CHARACTERS) {
      throw new ProtocolError(
        'validation-failed',
        `A message has 1 to ${MAX_CHAT_CHARACTERS} characters.`,
        [{ path: 'text', message: `must have 1 to ${MAX_CHAT_CHARACTERS} characters` }],
      );
    }
    if (!this.#own.passes()) {
      throw new ProtocolError('rate-limited', 'That was a lot at once. Wait a few seconds.');
    }
    const { roomId, self, signer, ticket, now, topology } = this.#options;
    const message: ChatMessage = {
      messageId: `msg_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`,
      roomId,
      author: { userId: self.userId, displayName: self.displayName },
      at: new Date(now()).toISOString(),
      text: words,
    };
    const signed = { ...message, ticket: ticket(), signature: await signer.signChat({ message }) };
    this.#add(signed, self.role());
    topology.broadcast({ type: 'chat:said', messages: [signed], deletions: [] });
  }

  /** Takes a message away for everybody: one's own, or as a moderator anybody's. */
  async unsay(messageId: string): Promise<void> {
    const { roomId, self, signer, ticket, now, topology } = this.#options;
    const deletion: ChatDeletion = {
      messageId,
      roomId,
      by: self.userId,
      at: new Date(now()).toISOString(),
    };
    const signed = {
      ...deletion,
      ticket: ticket(),
      signature: await signer.signChat({ deletion }),
    };
    this.#remove(signed, self.role());
    topology.broadcast({ type: 'chat:said', messages: [], deletions: [signed] });
  }

  stop(): void {
    for (const stop of this.#stopListening) stop();
  }

  #opened(peerId: string): void {
    if (this.#asked >= ASKED) return;
    this.#asked += 1;
    this.#options.topology.send(peerId, { type: 'chat:ask' });
  }

  #tellAll(peerId: string): void {
    if (!this.#gateOf(peerId).passes()) return;
    for (const part of this.#parts()) this.#options.topology.send(peerId, part);
  }

  *#parts(): Generator<Said> {
    let part: Said = { type: 'chat:said', messages: [], deletions: [] };
    let bytes = 0;
    const all = [...this.#messages.values()].map(({ signed }) => signed);
    for (const message of all) {
      const size = new TextEncoder().encode(JSON.stringify(message)).length;
      if (part.messages.length >= 20 || bytes + size > PART_BYTES) {
        yield part;
        part = { type: 'chat:said', messages: [], deletions: [] };
        bytes = 0;
      }
      part.messages.push(message);
      bytes += size;
    }
    if (part.messages.length > 0) yield part;
    const deletions = [...this.#deletions.values()];
    for (let at = 0; at < deletions.length; at += 20) {
      yield { type: 'chat:said', messages: [], deletions: deletions.slice(at, at + 20) };
    }
  }

  #receive(peerId: string, message: Said): void {
    if (!this.#gateOf(peerId).passes()) return;
    this.#tail = this.#tail
      .then(() => this.#merge(message))
      .catch((error: unknown) => console.info('Messages could not be checked.', error));
  }

  async #merge({ messages, deletions }: Said): Promise<void> {
    const { roomId, nodeKeys, now } = this.#options;
    const trust: ChatTrust = { roomId, nodeKeys, nowMs: now() };
    for (const signed of messages) {
      if (this.#messages.has(signed.messageId) || this.#deletions.has(signed.messageId)) continue;
      const role = await verifyMessage(signed, trust);
      if (role) this.#add(signed, role);
      else console.warn('A message is not what it says it is.', signed.messageId);
    }
    for (const signed of deletions) {
      if (this.#deletions.has(signed.messageId)) continue;
      const role = await verifyDeletion(signed, trust);
      if (role) this.#remove(signed, role);
    }
  }

  #add(signed: SignedChatMessage, role: Role): void {
    this.#messages.set(signed.messageId, { signed, role });
    const oldest = this.#messages.keys().next().value;
    if (this.#messages.size > MAX_CHAT_MESSAGES && oldest !== undefined) {
      this.#messages.delete(oldest);
    }
    const { changed, said } = this.#options;
    changed(this.#lines());
    said(lineOf(signed, role));
  }

  /** Its author may, and moderators; of a message that is not known here, moderators alone. */
  #remove(signed: SignedChatDeletion, role: Role): void {
    const known = this.#messages.get(signed.messageId);
    const isAuthor = known?.signed.author.userId === signed.by;
    if (!isAuthor && role !== 'host' && role !== 'cohost') return;
    this.#deletions.set(signed.messageId, signed);
    const oldest = this.#deletions.keys().next().value;
    if (this.#deletions.size > MAX_CHAT_MESSAGES && oldest !== undefined) {
      this.#deletions.delete(oldest);
    }
    if (!this.#messages.delete(signed.messageId)) return;
    const { changed, unsaid } = this.#options;
    changed(this.#lines());
    unsaid(signed.messageId);
  }

  /** By time; whose clock is wrong stands where it says. */
  #lines(): ChatLine[] {
    return [...this.#messages.values()]
      .map(({ signed, role }) => lineOf(signed, role))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.messageId < b.messageId ? -1 : 1));
  }

  #gateOf(peerId: string): FloodGate {
    const known = this.#gates.get(peerId);
    if (known) return known;
    const gate = new FloodGate(undefined, MAX_TOLD);
    this.#gates.set(peerId, gate);
    return gate;
  }
}

function lineOf(signed: SignedChatMessage, role: Role): ChatLine {
  const { messageId, roomId, author, at, text } = signed;
  return { messageId, roomId, author, at, text, role };
}
