import type { JWTVerifyGetKey } from 'jose';
import {
  type ChatAct,
  chatText,
  type SignedChatDeletion,
  type SignedChatMessage,
} from '../../protocol/chat.ts';
import type { Role } from '../../protocol/rooms.ts';
import { isSigned, userIdOfKey } from '../identity/verify-signature.ts';
import { CLOCK_TOLERANCE_MS, readTicketAt } from '../rooms/ticket-at.ts';

export interface ChatTrust {
  roomId: string;
  nodeKeys: JWTVerifyGetKey;
  /** The node's time, in milliseconds since the epoch. */
  nowMs: number;
}

/**
 * What its author was in the room when they said it; `undefined` where it is not what it says: of
 * another room, from the future, or not signed by somebody whom the room's node let in as this member.
 */
export async function verifyMessage(
  { ticket, signature, ...message }: SignedChatMessage,
  trust: ChatTrust,
): Promise<Role | undefined> {
  return verify({ message }, message.author.userId, { ticket, signature }, trust);
}

/** The same of who takes a message away. */
export async function verifyDeletion(
  { ticket, signature, ...deletion }: SignedChatDeletion,
  trust: ChatTrust,
): Promise<Role | undefined> {
  return verify({ deletion }, deletion.by, { ticket, signature }, trust);
}

async function verify(
  act: ChatAct,
  userId: string,
  { ticket, signature }: { ticket: string; signature: string },
  { roomId, nodeKeys, nowMs }: ChatTrust,
): Promise<Role | undefined> {
  const { roomId: of, at } = 'message' in act ? act.message : act.deletion;
  const atMs = Date.parse(at);
  if (of !== roomId || atMs > nowMs + CLOCK_TOLERANCE_MS) return undefined;
  const read = await readTicketAt(ticket, nodeKeys, atMs);
  if ('code' in read) return undefined;
  const { claims } = read;
  if (claims.room !== roomId || claims.sub !== userId) return undefined;
  if ((await userIdOfKey(claims.jkt)) !== userId) return undefined;
  return (await isSigned(chatText(act), signature, claims.jkt)) ? claims.role : undefined;
}
