import canonicalize from 'canonicalize';
import { z } from 'zod';
import { Signature, Timestamp } from './encoding.ts';
import { DisplayName, UserId } from './identity.ts';
import { RoomId } from './rooms.ts';

/** Characters of a message at most. */
export const MAX_CHAT_CHARACTERS = 2000;
/** Messages of a room that are kept by each who is there; the oldest go first. */
export const MAX_CHAT_MESSAGES = 500;
/** Of them, by one author. */
export const MAX_CHAT_MESSAGES_OF_ONE = 200;
/** Deletions that are kept; with as many messages, what names them fits into one piece. */
export const MAX_CHAT_DELETIONS = 100;

export const ChatMessageId = z
  .string()
  .regex(/^msg_[A-Za-z0-9_-]{16}$/, 'must be the id of a message');

/** What draws nothing and can hide or turn round something (Unicode, "Cc" and "Bidi_Control"). */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** As it is sent: without what can't be seen, and without lines that only push others away. */
export function chatWords(text: string): string {
  return text
    .replaceAll(HIDDEN, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

const ChatText = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_CHAT_CHARACTERS)
  .refine((text) => chatWords(text) === text, 'must not hold what can not be seen');

const Author = z.object({ userId: UserId, displayName: DisplayName });

export const ChatMessage = z.object({
  messageId: ChatMessageId,
  roomId: RoomId,
  author: Author,
  /** By the author's clock. */
  at: Timestamp,
  text: ChatText,
});
/** What somebody says to everybody in a room. */
export type ChatMessage = z.infer<typeof ChatMessage>;

export const ChatDeletion = z.object({
  messageId: ChatMessageId,
  roomId: RoomId,
  /** Its author, or a moderator. */
  by: UserId,
  at: Timestamp,
});
/** Somebody takes a message away. */
export type ChatDeletion = z.infer<typeof ChatDeletion>;

/** The mesh ticket says whose key signed, and what they were in the room then. */
const Signed = { ticket: z.string().max(2048), signature: Signature };
export const SignedChatMessage = ChatMessage.extend(Signed);
export type SignedChatMessage = z.infer<typeof SignedChatMessage>;
export const SignedChatDeletion = ChatDeletion.extend(Signed);
export type SignedChatDeletion = z.infer<typeof SignedChatDeletion>;

export const ChatItems = z.object({
  messages: z.array(ChatMessageId).max(MAX_CHAT_MESSAGES),
  /** One by each of those who took it away: whose counts, each decides by itself. */
  deletions: z.array(z.object({ messageId: ChatMessageId, by: UserId })).max(MAX_CHAT_DELETIONS),
});
/** Names messages and deletions. */
export type ChatItems = z.infer<typeof ChatItems>;

/** What is signed in a chat. */
export type ChatAct = { message: ChatMessage } | { deletion: ChatDeletion };

/**
 * What the author signs (Ed25519) of a message, or who takes one away of that: canonical JSON
 * (RFC 8785) behind a line that says which.
 */
export function chatText(act: ChatAct): string {
  return 'message' in act
    ? `swarm-chat:v1\n${canonicalize(ChatMessage.parse(act.message))}`
    : `swarm-chat-deletion:v1\n${canonicalize(ChatDeletion.parse(act.deletion))}`;
}

export const KeptChatMessage = z.object({
  messageId: ChatMessageId,
  author: Author,
  text: z.string(),
  /** From the recording's beginning. */
  atMs: z.int().nonnegative(),
});
/** A message as it is kept with a recording. */
export type KeptChatMessage = z.infer<typeof KeptChatMessage>;
export const KeptChat = z.object({ messages: z.array(KeptChatMessage) });
