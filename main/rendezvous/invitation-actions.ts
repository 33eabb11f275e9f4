import { ProtocolError } from '../../protocol/errors.ts';
import type { InvitationsRequest, Invite } from '../../protocol/rooms.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { Caller } from './access.ts';
import { requireRight, requireRoomModerator } from './require-right.ts';
import { inviteState } from './room-invites.ts';
import type { InviteRecord } from './room-record.ts';
import type { RoomRegistry } from './room-registry.ts';

/** What moderators do with a room's invitations. All throw `ProtocolError`s. */
export class InvitationActions {
  readonly #registry: RoomRegistry;
  readonly #tokens: TokenIssuer;
  readonly #clock: Clock;
  readonly #publicOrigin: () => string;
  readonly #issued = new WeakMap<InviteRecord, Promise<string>>();

  constructor(options: {
    registry: RoomRegistry;
    tokens: TokenIssuer;
    clock: Clock;
    /** Where links lead, e.g. `http://127.0.0.1:41234`; known once the node listens. */
    publicOrigin: () => string;
  }) {
    this.#registry = options.registry;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
    this.#publicOrigin = options.publicOrigin;
  }

  /**
   * Mints and revokes, or only reads; answers all invitations. Either everything that is asked for
   * is done, or nothing.
   */
  async update(caller: Caller, roomId: string, request: InvitationsRequest): Promise<Invite[]> {
    requireRoomModerator(this.#registry, caller, roomId);
    const invitees = request.invitees ?? [];
    const revoke = request.revoke ?? [];
    for (const { role } of invitees) {
      requireRight(this.#registry, caller, roomId, { action: 'invite', role });
    }
    for (const inviteId of revoke) this.#requireMayRevoke(caller, roomId, inviteId);
    if (invitees.length > 0) this.#registry.invites.mint(roomId, invitees);
    for (const inviteId of revoke) this.#registry.invites.revoke(roomId, inviteId);
    return this.views(roomId);
  }

  /** A room's invitations, newest first, for its moderators. Throws `room-not-found`. */
  views(roomId: string, atMost?: number): Promise<Invite[]> {
    const invites = this.#registry.invites.list(roomId).slice(0, atMost);
    return Promise.all(invites.map((invite) => this.view(invite)));
  }

  async view(invite: InviteRecord): Promise<Invite> {
    const state = inviteState(invite, this.#clock());
    const usedBy = [...invite.usedBy].map(([userId, displayName]) => ({ userId, displayName }));
    const token = await this.#tokenOf(invite);
    return {
      inviteId: invite.inviteId,
      roomId: invite.roomId,
      ...(invite.handle !== undefined && { handle: invite.handle }),
      ...(invite.label !== undefined && { label: invite.label }),
      role: invite.role,
      singleUse: invite.singleUse,
      state,
      usedBy,
      createdAt: isoTime(invite.createdAt),
      expiresAt: isoTime(invite.expiresAt),
      token,
      // In the fragment, which browsers keep to themselves: tokens stay out of logs.
      link: `${this.#publicOrigin()}/join/${invite.roomId}#invite=${token}`,
    };
  }

  /** The same each time: signed once, however often the list is shown. */
  #tokenOf(invite: InviteRecord): Promise<string> {
    const known = this.#issued.get(invite);
    if (known) return known;
    const { inviteId, roomId, role, expiresAt } = invite;
    const token = this.#tokens.issueInvite({ jti: inviteId, room: roomId, role }, expiresAt);
    this.#issued.set(invite, token);
    return token;
  }

  /** The invitation that a token is for. Throws `invite-expired`, `invite-invalid`. */
  async idOf(token: string, roomId: string): Promise<string> {
    const claims = await this.#tokens.verifyInvite(token);
    if (claims.room === roomId) return claims.jti;
    throw new ProtocolError(
      'invite-invalid',
      'This invitation is for another room. Open the link that belongs to it.',
    );
  }

  /** Taking an invitation back is done to everybody who came by it. */
  #requireMayRevoke(caller: Caller, roomId: string, inviteId: string): void {
    const { role, usedBy } = this.#registry.invites.require(roomId, inviteId);
    requireRight(this.#registry, caller, roomId, { action: 'invite', role });
    for (const userId of usedBy.keys()) {
      requireRight(this.#registry, caller, roomId, { action: 'remove' }, userId);
    }
  }
}
