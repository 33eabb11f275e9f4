import type { JWTVerifyGetKey } from 'jose';
import {
  type ChatDeletion,
  type ChatMessage,
  chatWords,
  MAX_CHAT_CHARACTERS,
  type SignedChatDeletion,
} from '../../protocol/chat.ts';
import { toBase64Url } from '../../protocol/encoding.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/rooms.ts';
import type { Signer } from '../api/client.ts';
import { FloodGate } from '../rooms/mesh-channel.ts';
import { boundedMap } from '../rooms/moderation/bounded-map.ts';
import { CLOCK_TOLERANCE_MS } from '../rooms/ticket-at.ts';
import type { Topology } from '../rooms/topology.ts';
import { ChatExchange, type ChatExchangeOptions, type Taken } from './chat-exchange.ts';
import { ChatHistory, type ChatLine } from './chat-history.ts';
import type { ChatSaid } from './chat-parts.ts';
import { type ChatTrust, verifyDeletion, verifyMessage } from './chat-verification.ts';

/** Messages that somebody may say in 10 s. */
const MAX_SAID = 10;
/** Signatures checked at a time. */
const PARALLEL_CHECKS = 8;
/**
 * Times of one's own messages go ahead of the clock by this at most, to stand behind what they may
 * be an answer to: half of what others allow for.
 */
const MAX_AHEAD_MS = CLOCK_TOLERANCE_MS / 2;

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
  /** A message that was checked, by whomever it was said, and how long ago that was. */
  said: (line: ChatLine, agoMs: number) => void;
  /** A message was taken away. */
  unsaid: (messageId: string) => void;
  later?: ChatExchangeOptions['later'];
}

/**
 * The chat of one room, from peer to peer over the data channels: the node has no part in it. Each
 * message is signed by its author, so that who comes later can believe what others tell of it.
 */
export class RoomChat {
  readonly #options: RoomChatOptions;
  readonly #history = new ChatHistory();
  readonly #exchange: ChatExchange;
  readonly #own = new FloodGate(undefined, MAX_SAID);
  readonly #stopListening: (() => void)[];

  constructor(options: RoomChatOptions) {
    this.#options = options;
    const { topology, later } = options;
    this.#exchange = new ChatExchange({
      topology,
      history: this.#history,
      take: (said) => this.#take(said),
      ...(later && { later }),
    });
    this.#stopListening = [
      topology.on('open', ({ peerId }) => this.#exchange.opened(peerId)),
      topology.on('unlinked', ({ peerId }) => this.#exchange.closed(peerId)),
      topology.on('message', ({ peerId, message }) => this.#exchange.receive(peerId, message)),
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
    const { roomId, self, signer, ticket, topology } = this.#options;
    const message: ChatMessage = {
      messageId: `msg_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`,
      roomId,
      author: { userId: self.userId, displayName: self.displayName },
      at: new Date(this.#timeMs()).toISOString(),
      text: words,
    };
    const signed = { ...message, ticket: ticket(), signature: await signer.signChat({ message }) };
    this.#tell(this.#history.add(signed, self.role()));
    this.#changed();
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
    if (this.#takeAway(signed, self.role())) this.#changed();
    topology.broadcast({ type: 'chat:said', messages: [], deletions: [signed] });
  }

  /** See {@link ChatHistory.setBans}. */
  setBans(bans: ReadonlyMap<string, number>): void {
    const gone = this.#history.setBans(bans);
    if (gone.length === 0) return;
    this.#changed();
    for (const messageId of gone) this.#options.unsaid(messageId);
  }

  stop(): void {
    for (const stop of this.#stopListening) stop();
    this.#exchange.stop();
  }

  /** The time of a message of one's own: now, and behind all that is here. */
  #timeMs(): number {
    const nowMs = this.#options.now();
    return Math.max(nowMs, Math.min(this.#history.latestMs + 1, nowMs + MAX_AHEAD_MS));
  }

  async #take({ messages, deletions }: ChatSaid): Promise<Taken> {
    const { roomId, nodeKeys, now } = this.#options;
    const trust: ChatTrust = { roomId, nodeKeys, nowMs: now() };
    const taken: Taken = {
      learned: { messages: [], deletions: [] },
      refused: 0,
      unchecked: { messages: [], deletions: [] },
    };
    await boundedMap(messages, PARALLEL_CHECKS, async (signed) => {
      const { messageId } = signed;
      if (this.#history.knows(messageId)) return;
      const role = await checked(verifyMessage(signed, trust));
      if (role === 'unchecked') taken.unchecked.messages.push(messageId);
      else if (role === undefined) taken.refused += 1;
      else if (this.#tell(this.#history.add(signed, role))) taken.learned.messages.push(messageId);
    });
    await boundedMap(deletions, PARALLEL_CHECKS, async (signed) => {
      const { messageId, by } = signed;
      if (this.#history.knowsDeletion(signed)) return;
      const role = await checked(verifyDeletion(signed, trust));
      if (role === 'unchecked') taken.unchecked.deletions.push({ messageId, by });
      else if (role === undefined) taken.refused += 1;
      else {
        this.#takeAway(signed, role);
        taken.learned.deletions.push({ messageId, by });
      }
    });
    const { messages: learned, deletions: unsaid } = taken.learned;
    if (learned.length > 0 || unsaid.length > 0) this.#changed();
    if (taken.refused > 0)
      console.warn(`${taken.refused} messages are not what they say they are.`);
    return taken;
  }

  #tell(line: ChatLine | undefined): boolean {
    if (!line) return false;
    const { said, now } = this.#options;
    said(line, Math.max(0, now() - Date.parse(line.at)));
    return true;
  }

  #takeAway(signed: SignedChatDeletion, role: Role): boolean {
    if (!this.#history.remove(signed, role)) return false;
    this.#options.unsaid(signed.messageId);
    return true;
  }

  #changed(): void {
    this.#options.changed(this.#history.lines);
  }
}

async function checked(
  verification: Promise<Role | undefined>,
): Promise<Role | 'unchecked' | undefined> {
  try {
    return await verification;
  } catch (error) {
    console.info('A message could not be checked yet.', error);
    return 'unchecked';
  }
}
