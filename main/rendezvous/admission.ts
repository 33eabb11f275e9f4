import { ProtocolError } from '../../protocol/errors.ts';
import type { Role, Visibility } from '../../protocol/rooms.ts';
import { lowerRole } from './moderation-rights.ts';
import type { InviteRecord } from './room-record.ts';

/** What decides whether somebody may enter a room, and as what. */
export interface AdmissionRequest {
  visibility: Visibility;
  hostUserId: string;
  caller: { userId: string; guest: boolean };
  /** The invite whose token was shown; its signature has been checked. */
  invite: InviteRecord | undefined;
  /** The role this member already had here. */
  formerRole: Role | undefined;
  /** What moderators last made this member. */
  decidedRole?: Role | undefined;
  /** A moderator took this member out: what anybody may do is not enough to come back. */
  removed?: boolean;
  now: number;
}

/**
 * The role the caller enters with. Throws `invite-required`, `invite-expired`, `invite-revoked` or
 * `invite-invalid`. An invitation that is shown must be good, even where none is needed: who
 * holds a link that no longer works should hear so.
 *
 * A promotion or demotion outlives leaving and coming back, with whatever link. Somebody who was
 * taken out since returns with the lower of what they are let in as and what they were made.
 */
export function admit(request: AdmissionRequest): Role {
  const role = wayIn(request);
  const { decidedRole, formerRole } = request;
  if (role === 'host' || !decidedRole) return role;
  return formerRole ?? lowerRole(role, decidedRole);
}

function wayIn({ caller, invite, visibility, ...request }: AdmissionRequest): Role {
  if (caller.userId === request.hostUserId) return 'host';
  if (invite) {
    checkInvite(invite, caller.userId, request.now);
    return invite.role;
  }
  if (request.formerRole) return request.formerRole;
  if (request.removed) throw removedBefore();
  if (visibility === 'public') return 'speaker';
  if (visibility === 'followers' && !caller.guest) return 'speaker';
  throw inviteRequired(visibility);
}

function removedBefore(): ProtocolError {
  return new ProtocolError(
    'invite-required',
    'A moderator took you out of this room. To come back, ask to be let in or for an invitation.',
  );
}

/** The refusal for somebody who may not see or enter a room without an invitation. */
export function inviteRequired(visibility: Visibility): ProtocolError {
  return new ProtocolError(
    'invite-required',
    visibility === 'followers'
      ? 'This room is for members. Sign in with your own identity, or ask the host for a link.'
      : 'This room is invite-only. Ask the host for an invitation link.',
  );
}

/**
 * Throws `invite-revoked`, `invite-expired`, or `invite-used` for one that is good for one person
 * and brought somebody else in.
 *
 * @param userId who shows it; `undefined` for somebody without a session.
 */
export function checkInvite(invite: InviteRecord, userId: string | undefined, now: number): void {
  if (invite.revoked) {
    throw new ProtocolError(
      'invite-revoked',
      'The host took this invitation back. Ask for a new link if that was a mistake.',
    );
  }
  if (now >= invite.expiresAt) {
    throw new ProtocolError(
      'invite-expired',
      'This invitation has expired. Ask the host for a new link.',
    );
  }
  // It is one person's: whoever comes by it first.
  const usedByThem = userId !== undefined && invite.usedBy.has(userId);
  if (invite.singleUse && invite.usedBy.size > 0 && !usedByThem) {
    throw new ProtocolError(
      'invite-used',
      'This invitation was for one person and has been used. Ask the host for your own.',
    );
  }
}
