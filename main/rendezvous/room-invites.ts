import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import { type Invitee, type InviteState, ROOM_LIMITS } from '../../protocol/rooms.ts';
import { checkInvite } from './admission.ts';
import type { RoomAccess } from './room-directory.ts';
import type { InviteRecord, RoomRecord } from './room-record.ts';

/** Most invitations a room keeps, revoked and expired ones included: each has a state to show. */
export const MAX_INVITES = 1000;

/** The invitations of this node's rooms: made, looked up, taken back. */
export class RoomInvites {
  readonly #rooms: RoomAccess;

  constructor(rooms: RoomAccess) {
    this.#rooms = rooms;
  }

  /** Newest first. Throws `room-not-found`. */
  list(roomId: string): InviteRecord[] {
    return [...this.#rooms.record(roomId).invites.values()].reverse();
  }

  /** Throws `room-not-found`, `room-closed`, and `rate-limited` for more than a room keeps. */
  mint(roomId: string, invitees: readonly Invitee[]): InviteRecord[] {
    this.#rooms.requireStore();
    const record = this.#rooms.openRecord(roomId);
    if (record.invites.size + invitees.length > MAX_INVITES) {
      throw new ProtocolError(
        'rate-limited',
        `A room keeps ${MAX_INVITES} invitations at most. Share one link that is good for many.`,
      );
    }
    const minted = invitees.map((invitee) => newInvite(roomId, invitee, this.#rooms.now()));
    for (const invite of minted) record.invites.set(invite.inviteId, invite);
    if (minted.length > 0) this.#rooms.emit('invitesChanged', roomId);
    return minted;
  }

  /** Throws `room-not-found`, `invite-not-found`. */
  require(roomId: string, inviteId: string): InviteRecord {
    const invite = this.#rooms.record(roomId).invites.get(inviteId);
    if (invite) return invite;
    throw new ProtocolError(
      'invite-not-found',
      'This room has no such invitation. Read its invitations again.',
    );
  }

  /**
   * Takes an invitation back: whoever came by it is asked out and may not return by right of
   * having been there. Again it makes no difference. Throws `room-not-found`, `invite-not-found`.
   */
  revoke(roomId: string, inviteId: string): void {
    this.#rooms.requireStore();
    const record = this.#rooms.record(roomId);
    const invite = this.require(roomId, inviteId);
    if (invite.revoked) return;
    invite.revoked = true;
    this.#rooms.emit('invitesChanged', roomId);
    for (const userId of invite.usedBy.keys()) {
      const present = this.#rooms.participantOf(roomId, userId);
      const cameByIt = present?.inviteId === inviteId;
      if (!cameByIt && (present || inviteOf(record, userId))) continue;
      record.admitted.delete(userId);
      if (present) this.#rooms.takeOut(record, present.peerId, 'invite-revoked');
    }
  }

  /**
   * Checks an invitation as joining with it would, and leaves it unused.
   * Throws `room-not-found`, `room-closed`, `invite-*`.
   *
   * @param inviteId from a token whose signature was checked.
   */
  check(roomId: string, inviteId: string, userId: string | undefined): void {
    const record = this.#rooms.openRecord(roomId);
    if (userId === record.host.userId) return;
    checkInvite(shownInvite(record, inviteId), userId, this.#rooms.now());
  }
}

/** Throws `invite-invalid` for one that this room does not have. */
export function shownInvite(record: RoomRecord, inviteId: string): InviteRecord {
  const invite = record.invites.get(inviteId);
  if (invite) return invite;
  throw new ProtocolError(
    'invite-invalid',
    'This invitation is for another room. Open the link that belongs to it.',
  );
}

/** The newest invitation that somebody came by and that was not taken back. */
export function inviteOf(record: RoomRecord, userId: string): InviteRecord | undefined {
  return [...record.invites.values()].findLast(
    ({ revoked, usedBy }) => !revoked && usedBy.has(userId),
  );
}

/** What its maker is shown. An open link stays `pending` however many came by it. */
export function inviteState(invite: InviteRecord, now: number): InviteState {
  if (invite.revoked) return 'revoked';
  if (invite.singleUse && invite.usedBy.size > 0) return 'used';
  return now >= invite.expiresAt ? 'expired' : 'pending';
}

function newInvite(roomId: string, invitee: Invitee, now: number): InviteRecord {
  const lifetimeMs =
    invitee.expiresIn === undefined ? ROOM_LIMITS.inviteLifetimeMs : invitee.expiresIn * 1000;
  return {
    inviteId: `inv_${nanoid(16)}`,
    roomId,
    handle: invitee.handle,
    label: invitee.label,
    role: invitee.role,
    singleUse: invitee.handle !== undefined || invitee.singleUse === true,
    createdAt: now,
    // Whole seconds, as the token's `exp` has them.
    expiresAt: Math.floor((now + lifetimeMs) / 1000) * 1000,
    revoked: false,
    usedBy: new Map(),
  };
}
