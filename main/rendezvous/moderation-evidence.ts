import { ProtocolError } from '../../protocol/errors.ts';
import type { ModerationEvent, SignedModerationEvent } from '../../protocol/moderation.ts';
import { moderationText } from '../../protocol/moderation-text.ts';
import { verifyText } from '../identity/ed25519.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';

/** How far the clocks of a moderator and this node may differ. */
export const EVENT_TOLERANCE_MS = 30_000;

/** What a request asks for, before there is an event of it. */
export interface ModerationDraft
  extends Pick<ModerationEvent, 'action' | 'targetPeerId' | 'targetUserId'> {
  scope?: ModerationEvent['scope'];
  role?: ModerationEvent['role'];
  reason?: string | undefined;
  expiresAt?: string | undefined;
  /** Instead of `expiresAt`: seconds from when the act is done. */
  durationSeconds?: number | undefined;
}

/** Throws `event-invalid` when the event is not what the request beside it asks for. */
export function requireAgreement(event: ModerationEvent, draft: ModerationDraft): void {
  const isSame =
    event.action === draft.action &&
    event.targetPeerId === draft.targetPeerId &&
    event.targetUserId === draft.targetUserId &&
    event.scope === draft.scope &&
    event.role === draft.role &&
    (!draft.reason || event.reason === draft.reason);
  if (isSame && isSameEnd(event, draft)) return;
  throw invalid('The signed event does not say what the request asks for.');
}

/**
 * Checks that the actor made this event, as a moderator of this room, about when it says.
 * Throws `event-invalid`.
 *
 * @param actor who it must be from, with the role they have now.
 */
export async function requireGenuine(
  event: SignedModerationEvent,
  about: {
    tokens: TokenIssuer;
    roomId: string;
    actor: { userId: string; role: 'host' | 'cohost' };
    nowMs: number;
  },
): Promise<void> {
  const { tokens, actor, nowMs } = about;
  if (event.roomId !== about.roomId) throw invalid('The event is for another room.');
  if (event.actor.userId !== actor.userId || event.actor.role !== actor.role) {
    throw invalid('The event is somebody else’s, or names a role its actor does not have.');
  }
  const atMs = Date.parse(event.at);
  if (atMs > nowMs + EVENT_TOLERANCE_MS) {
    throw invalid('The event is from the future. Set this machine’s clock.');
  }
  if (event.expiresAt !== undefined && Date.parse(event.expiresAt) <= nowMs) {
    throw invalid('What the event decides has run out already.');
  }
  const text = moderationText(event);
  if (event.ticket === undefined) {
    const { kid, signature } = event;
    if (kid !== undefined && tokens.isOwnText(text, { kid, signature })) return;
    throw invalid('The event has no mesh ticket, and is not signed by this node.');
  }
  const ticket = await ticketAt(tokens, event.ticket, atMs);
  const isActors =
    ticket.room === event.roomId && ticket.sub === actor.userId && ticket.role === actor.role;
  if (!isActors) throw invalid('The event’s mesh ticket is not its actor’s in this room.');
  if (!verifyText(ticket.jkt, text, event.signature)) {
    throw invalid('The event’s signature is not its actor’s.');
  }
}

async function ticketAt(tokens: TokenIssuer, ticket: string, atMs: number) {
  try {
    return await tokens.verifyMeshTicketAt(ticket, atMs, EVENT_TOLERANCE_MS);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw invalid('The event’s mesh ticket was not valid when it was made. Act again.');
  }
}

function isSameEnd(event: ModerationEvent, draft: ModerationDraft): boolean {
  const wantedMs =
    draft.durationSeconds === undefined
      ? draft.expiresAt && Date.parse(draft.expiresAt)
      : Date.parse(event.at) + draft.durationSeconds * 1000;
  if (wantedMs === undefined || event.expiresAt === undefined) return wantedMs === event.expiresAt;
  return Math.abs(Date.parse(event.expiresAt) - Number(wantedMs)) <= EVENT_TOLERANCE_MS;
}

function invalid(sentence: string): ProtocolError {
  return new ProtocolError('event-invalid', sentence);
}
