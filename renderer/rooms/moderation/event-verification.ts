import { errors, type JWTVerifyGetKey } from 'jose';
import { fromBase64Url } from '../../../protocol/encoding.ts';
import { SignedModerationEvent } from '../../../protocol/moderation.ts';
import { lamportLimit } from '../../../protocol/moderation-state.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';
import { isSigned, userIdOfKey } from '../../identity/verify-signature.ts';
import { CLOCK_TOLERANCE_MS, readTicketAt } from '../ticket-at.ts';
import { type EventRefusalCode, type EventVerdict, refused } from './event-refusal.ts';

export interface EventTrust {
  roomId: string;
  /** The room's host, `room.host.userId`. */
  hostUserId: string;
  /** Finds the node's keys, see `createNodeKeys`. */
  nodeKeys: JWTVerifyGetKey;
  /** The node's time, in milliseconds since the epoch. */
  nowMs: number;
}

/**
 * Decides whether an act of moderation is what it says: signed by a member whom the room's node
 * called host or cohost of this room at the time of the act, or by the node itself; and one that
 * this role has a right to, whoever the target is. The answer does not depend on what this peer
 * has seen before, but for the clock, so that all peers come to the same one. What takes other
 * events into account (a cohost against a cohost, a cohost who was demoted) is `entitledEvents`'.
 *
 * Rejects when the node's keys are needed and can't be fetched.
 */
export async function verifyModeration(
  event: SignedModerationEvent,
  trust: EventTrust,
): Promise<EventVerdict> {
  const refusal = unbelievable(event, trust) ?? (await unvouched(event, trust));
  return refusal ? refused(refusal) : { ok: true };
}

/** What can be seen without keys. */
function unbelievable(
  event: SignedModerationEvent,
  { roomId, hostUserId, nowMs }: EventTrust,
): EventRefusalCode | undefined {
  if (!SignedModerationEvent.safeParse(event).success) return 'event-malformed';
  const { action, actor, targetUserId } = event;
  const isMute = action === 'mute' || action === 'unmute';
  const isRole = action === 'promote' || action === 'demote';
  if (isMute !== (event.scope !== undefined)) return 'event-malformed';
  if (isRole !== (event.role !== undefined)) return 'event-malformed';
  if (event.roomId !== roomId) return 'event-other-room';
  if (Date.parse(event.at) > nowMs + CLOCK_TOLERANCE_MS) return 'event-future';
  if (event.lamport > lamportLimit(event.at)) return 'event-lamport';
  if (targetUserId === hostUserId) return 'target-host';
  if (targetUserId === actor.userId) return 'target-self';
  if (event.role === 'cohost' && actor.role !== 'host') return 'host-only';
  if ((actor.role === 'host') !== (actor.userId === hostUserId)) return 'actor-not-host';
  return undefined;
}

async function unvouched(
  event: SignedModerationEvent,
  trust: EventTrust,
): Promise<EventRefusalCode | undefined> {
  const text = moderationText(event);
  if (event.ticket === undefined) return unvouchedByNode(event, text, trust.nodeKeys);
  const ticket = await readTicketAt(event.ticket, trust.nodeKeys, Date.parse(event.at));
  if ('code' in ticket) return ticket.code;
  const { claims } = ticket;
  if (claims.room !== event.roomId) return 'ticket-other-room';
  if (claims.sub !== event.actor.userId || (await userIdOfKey(claims.jkt)) !== claims.sub) {
    return 'ticket-other-member';
  }
  if (claims.role !== 'host' && claims.role !== 'cohost') return 'ticket-without-rights';
  if (claims.role !== event.actor.role) return 'ticket-other-role';
  return (await isSigned(text, event.signature, claims.jkt)) ? undefined : 'signature-invalid';
}

async function unvouchedByNode(
  { kid, signature }: SignedModerationEvent,
  text: string,
  nodeKeys: JWTVerifyGetKey,
): Promise<EventRefusalCode | undefined> {
  if (kid === undefined) return 'event-unsigned';
  try {
    const key = await nodeKeys({ alg: 'EdDSA', kid }, { payload: '', signature: '' });
    if (!(key instanceof CryptoKey)) return 'key-unknown';
    const bytes = new TextEncoder().encode(text);
    const fits = await crypto.subtle.verify('Ed25519', key, fromBase64Url(signature), bytes);
    return fits ? undefined : 'signature-invalid';
  } catch (error) {
    if (error instanceof errors.JOSEError) return 'key-unknown';
    throw error;
  }
}
