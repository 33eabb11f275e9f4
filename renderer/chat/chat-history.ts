import {
  type ChatDeletion,
  type ChatItems,
  type ChatMessage,
  MAX_CHAT_DELETIONS,
  MAX_CHAT_MESSAGES,
  MAX_CHAT_MESSAGES_OF_ONE,
  type SignedChatDeletion,
  type SignedChatMessage,
} from '../../protocol/chat.ts';
import type { Role } from '../../protocol/rooms.ts';

/**
 * Messages of one author whose times lie within 10 s of each other: three times what a window lets
 * its person say, as those who answer somebody whose clock is ahead go along with that clock.
 */
const MAX_AT_ONCE = 30;
const AT_ONCE_MS = 10_000;
/** Messages that are remembered as not to be kept, so that nobody is asked for them again. */
const MAX_PAST = 2000;

/** A message as it is shown. */
export interface ChatLine extends ChatMessage {
  /** What its author was in the room then. */
  role: Role;
}

type Message = { signed: SignedChatMessage; role: Role; atMs: number };
type Deletion = { signed: SignedChatDeletion; role: Role };

/**
 * What was said in a room, of what is authentic: a set that comes out alike wherever the same was
 * heard, in whatever order. Past its capacity the oldest go, first those of who said most.
 */
export class ChatHistory {
  readonly #messages = new Map<string, Message>();
  readonly #deletions = new Map<string, Deletion>();
  readonly #past = new Set<string>();
  #bans: ReadonlyMap<string, number> = new Map();

  /** What there is. */
  get items(): ChatItems {
    return {
      messages: [...this.#messages.keys()],
      deletions: [...this.#deletions.values()].map(({ signed: { messageId, by } }) => ({
        messageId,
        by,
      })),
    };
  }

  /** In the order of their times. */
  get lines(): ChatLine[] {
    return [...this.#messages.values()].sort(compareMessages).map(lineOf);
  }

  /** The latest time of a message, ms since the epoch; 0 where there is none. */
  get latestMs(): number {
    return Math.max(0, ...[...this.#messages.values()].map(({ atMs }) => atMs));
  }

  /** Whether it is here, or was and is not to come back. */
  knows(messageId: string): boolean {
    return this.#messages.has(messageId) || this.#past.has(messageId);
  }

  knowsDeletion(deletion: Pick<ChatDeletion, 'messageId' | 'by'>): boolean {
    return this.#deletions.has(keyOf(deletion));
  }

  /** Those of these that are here. */
  get({ messages, deletions }: ChatItems): {
    messages: SignedChatMessage[];
    deletions: SignedChatDeletion[];
  } {
    return {
      messages: messages.flatMap((messageId) => this.#messages.get(messageId)?.signed ?? []),
      deletions: deletions.flatMap(
        (deletion) => this.#deletions.get(keyOf(deletion))?.signed ?? [],
      ),
    };
  }

  /** Answers the message where it is new and to be shown. */
  add(signed: SignedChatMessage, role: Role): ChatLine | undefined {
    const message = { signed, role, atMs: Date.parse(signed.at) };
    const { messageId } = signed;
    if (this.knows(messageId)) return undefined;
    if (this.#isTakenAway(signed) || this.#isOut(message) || this.#isTooMany(message)) {
      this.#forget(messageId);
      return undefined;
    }
    this.#messages.set(messageId, message);
    this.#dropSurplus(message);
    return this.#messages.has(messageId) ? lineOf(message) : undefined;
  }

  /**
   * Somebody takes a message away: its author may, and moderators. Also before the message is
   * heard. Answers whether something that was shown is gone.
   */
  remove(signed: SignedChatDeletion, role: Role): boolean {
    if (this.knowsDeletion(signed)) return false;
    this.#deletions.set(keyOf(signed), { signed, role });
    for (const key of this.#deletions.keys()) {
      if (this.#deletions.size <= MAX_CHAT_DELETIONS) break;
      this.#deletions.delete(key);
    }
    const known = this.#messages.get(signed.messageId);
    if (!known || !this.#isTakenAway(known.signed)) return false;
    this.#forget(signed.messageId);
    return true;
  }

  /**
   * Who is banned, by `userId`, and since when (ms since the epoch): what they say from then on is
   * not taken from anybody. Answers which messages are gone by it.
   */
  setBans(bans: ReadonlyMap<string, number>): string[] {
    this.#bans = bans;
    const gone = [...this.#messages.values()].filter((message) => this.#isOut(message));
    for (const { signed } of gone) this.#forget(signed.messageId);
    return gone.map(({ signed }) => signed.messageId);
  }

  #of(userId: string): Message[] {
    return [...this.#messages.values()].filter(({ signed }) => signed.author.userId === userId);
  }

  #isTakenAway({ messageId, author }: SignedChatMessage): boolean {
    return [...this.#deletions.values()].some(
      ({ signed, role }) =>
        signed.messageId === messageId &&
        (signed.by === author.userId || role === 'host' || role === 'cohost'),
    );
  }

  #isOut(message: Message): boolean {
    const sinceMs = this.#bans.get(message.signed.author.userId);
    return sinceMs !== undefined && message.atMs >= sinceMs;
  }

  #isTooMany(message: Message): boolean {
    const near = this.#of(message.signed.author.userId).filter(
      ({ atMs }) => Math.abs(atMs - message.atMs) < AT_ONCE_MS,
    );
    return near.length >= MAX_AT_ONCE;
  }

  #dropSurplus({ signed: { author } }: Message): void {
    const own = this.#of(author.userId);
    if (own.length > MAX_CHAT_MESSAGES_OF_ONE) this.#forgetOldest(own);
    if (this.#messages.size > MAX_CHAT_MESSAGES) this.#forgetOldest([...this.#messages.values()]);
  }

  #forgetOldest(messages: readonly Message[]): void {
    const [oldest] = [...messages].sort(compareMessages);
    if (oldest) this.#forget(oldest.signed.messageId);
  }

  #forget(messageId: string): void {
    this.#messages.delete(messageId);
    this.#past.add(messageId);
    for (const id of this.#past) {
      if (this.#past.size <= MAX_PAST) break;
      this.#past.delete(id);
    }
  }
}

function keyOf({ messageId, by }: Pick<ChatDeletion, 'messageId' | 'by'>): string {
  return `${messageId} ${by}`;
}

function compareMessages(a: Message, b: Message): number {
  return a.atMs - b.atMs || (a.signed.messageId < b.signed.messageId ? -1 : 1);
}

function lineOf({ signed, role }: Message): ChatLine {
  const { messageId, roomId, author, at, text } = signed;
  return { messageId, roomId, author, at, text, role };
}
