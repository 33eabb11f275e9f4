import { ProtocolError } from '../../protocol/errors.ts';
import type { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import type {
  CreateRoomRequest,
  CreateRoomResponse,
  IceServer,
  Invite,
  JoinRoomResponse,
  Participant,
  PromoteRequest,
  Room,
} from '../../protocol/rooms.ts';
import { isoTime } from '../clock.ts';
import type { Feed } from '../feed/feed.ts';
import type { Projects } from '../feed/projects.ts';
import { requireScope } from '../identity/create-access.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { type Caller, maySee } from './access.ts';
import { inviteRequired } from './admission.ts';
import { type InviteRecord, type ParticipantRecord, participantView } from './room-record.ts';
import type { RoomRegistry } from './room-registry.ts';

export interface RoomActionsOptions {
  registry: RoomRegistry;
  tokens: TokenIssuer;
  feed: Feed;
  projects: Projects;
  /** Where invitation links lead, e.g. `http://127.0.0.1:41234`; known once the node listens. */
  publicOrigin: () => string;
  iceServers: readonly IceServer[];
}

/**
 * Everything a caller may do to rooms, with its checks of scope, role and membership: one place
 * for REST and the socket alike. All throw `ProtocolError`s.
 */
export class RoomActions {
  readonly #registry: RoomRegistry;
  readonly #tokens: TokenIssuer;
  readonly #feed: Feed;
  readonly #projects: Projects;
  readonly #publicOrigin: () => string;
  readonly #iceServers: readonly IceServer[];

  constructor(options: RoomActionsOptions) {
    this.#registry = options.registry;
    this.#tokens = options.tokens;
    this.#feed = options.feed;
    this.#projects = options.projects;
    this.#publicOrigin = options.publicOrigin;
    this.#iceServers = options.iceServers;
  }

  /** Makes a room with the caller in it as host, or opens an ended one of the caller's again. */
  async create(caller: Caller, request: CreateRoomRequest): Promise<CreateRoomResponse> {
    requireScope(caller, 'stream:create');
    if (request.projectId !== undefined) {
      this.#projects.requireOwner(request.projectId, caller.userId);
    }
    const room = request.roomId
      ? this.#registry.reopen(request.roomId, caller, request)
      : this.#registry.create(caller, request);
    const participant = this.#registry.join(room.roomId, caller);
    const invitees = request.invitees?.length ? request.invitees : [{ role: 'speaker' as const }];
    const invites = invitees.map((invitee) => this.#registry.invite(room.roomId, invitee));
    if (request.recording) this.#registry.requestRecording(room.roomId, true);
    return {
      ...(await this.#joined(room.roomId, participant)),
      invites: await Promise.all(invites.map((invite) => this.#inviteView(invite))),
    };
  }

  /**
   * Enters a room by right, by invitation, or on a reconnect by the last mesh ticket. A ticket
   * that has run out or is somebody else's gives nothing, and the usual rules decide.
   */
  async join(
    caller: Caller,
    roomId: string,
    shown: { invitationToken?: string | undefined; meshTicket?: string | undefined },
  ): Promise<JoinRoomResponse> {
    requireScope(caller, 'stream:join');
    this.#registry.require(roomId);
    const ticket = shown.meshTicket
      ? await this.#ownTicket(caller, roomId, shown.meshTicket)
      : undefined;
    const inviteId =
      shown.invitationToken === undefined || ticket || this.#isIn(caller, roomId)
        ? undefined
        : await this.#inviteIdOf(shown.invitationToken, roomId);
    const participant = this.#registry.join(roomId, caller, {
      ...(inviteId !== undefined && { inviteId }),
      ...(ticket && { ticket }),
    });
    return this.#joined(roomId, participant);
  }

  leave(caller: Caller, roomId: string): void {
    this.#registry.leave(roomId, caller.userId);
  }

  /** Rooms that have not ended and that the caller may see. */
  list(caller: Caller | undefined): Room[] {
    return this.#registry.open().filter((room) => this.#maySee(room, caller));
  }

  /** An ended room is answered too, so that a link that comes late can say so. */
  get(caller: Caller | undefined, roomId: string): Room {
    const room = this.#registry.require(roomId);
    if (this.#maySee(room, caller)) return room;
    // Joining tells the same: that the room is there, and that it is over or takes an invitation.
    if (room.state === 'ended') throw new ProtocolError('room-closed', 'This room has ended.');
    throw inviteRequired(room.visibility);
  }

  /**
   * The same for whoever shows an invitation to the room, with a session or before there is one.
   * It must be as good as for joining, and gives nothing but this look at the room. In an ended
   * room it counts for nothing, and neither does it from people who are in.
   */
  async getInvited(caller: Caller | undefined, roomId: string, token: string): Promise<Room> {
    const room = this.#registry.require(roomId);
    if (room.state === 'ended' || (caller && this.#isIn(caller, roomId))) {
      return this.get(caller, roomId);
    }
    const inviteId = await this.#inviteIdOf(token, roomId);
    this.#registry.requireInvite(roomId, inviteId, caller?.userId);
    return this.#registry.require(roomId);
  }

  participants(caller: Caller, roomId: string): Participant[] {
    this.get(caller, roomId);
    return this.#registry.participants(roomId);
  }

  /** Muting others is a moderator's; for now each mutes oneself. */
  updateParticipant(
    caller: Caller,
    roomId: string,
    peerId: string,
    request: UpdateParticipantRequest,
  ): Participant {
    const own = this.#requirePresence(caller, roomId);
    if (!this.#registry.participant(roomId, peerId)) {
      throw new ProtocolError('peer-not-found', 'This participant is not in the room any more.');
    }
    if (own.peerId !== peerId) {
      throw new ProtocolError('forbidden', 'You can mute and unmute yourself, not others.');
    }
    if (request.action !== 'mute' && request.action !== 'unmute') {
      throw new ProtocolError('forbidden', 'This node does not do that to participants yet.');
    }
    const muted = request.action === 'mute';
    return this.#registry.setMuted(roomId, peerId, {
      ...(request.scope !== 'video' && { audio: muted }),
      ...(request.scope !== 'audio' && { video: muted }),
    });
  }

  /** Publishes the room as a stream post and sets it to broadcast; again answers the same post. */
  promote(caller: Caller, roomId: string, request: PromoteRequest): { room: Room; postId: string } {
    requireScope(caller, 'post:write');
    const room = this.#requireOpenAsHost(caller, roomId, 'take it live');
    const post = this.#feed.publishStream({
      room,
      author: room.host,
      title: request.title ?? room.title,
      description: request.description ?? '',
      tags: request.tags ?? [],
      allowedUserIds: this.#registry.admittedUserIds(roomId),
    });
    return { room: this.#registry.setBroadcast(roomId, post.postId), postId: post.postId };
  }

  setRecording(caller: Caller, roomId: string, enabled: boolean): Room {
    requireScope(caller, 'stream:create');
    this.#requireOpenAsHost(caller, roomId, 'record it');
    return this.#registry.requestRecording(roomId, enabled);
  }

  end(caller: Caller, roomId: string): void {
    requireScope(caller, 'stream:create');
    this.#requireHost(caller, roomId, 'end it');
    this.#registry.end(roomId, 'ended-by-host');
  }

  /** A fresh mesh ticket for somebody who is in the room. */
  async renewTicket(roomId: string, participant: ParticipantRecord): Promise<string> {
    const { token, expiresAtMs } = await this.#tokens.issueMeshTicket({
      sub: participant.userId,
      jkt: participant.publicKey,
      room: roomId,
      peer: participant.peerId,
      role: participant.role,
    });
    participant.ticketExpiresAt = expiresAtMs;
    return token;
  }

  async #joined(roomId: string, participant: ParticipantRecord): Promise<JoinRoomResponse> {
    const meshTicket = await this.renewTicket(roomId, participant);
    return {
      room: this.#registry.require(roomId),
      participant: participantView(participant),
      peerId: participant.peerId,
      participants: this.#registry.participants(roomId),
      meshTicket,
      turnServers: [...this.#iceServers],
    };
  }

  async #inviteIdOf(token: string, roomId: string): Promise<string> {
    const claims = await this.#tokens.verifyInvite(token);
    if (claims.room === roomId) return claims.jti;
    throw new ProtocolError(
      'invite-invalid',
      'This invitation is for another room. Open the link that belongs to it.',
    );
  }

  async #ownTicket(caller: Caller, roomId: string, meshTicket: string) {
    try {
      const ticket = await this.#tokens.verifyMeshTicket(meshTicket);
      if (ticket.sub !== caller.userId || ticket.room !== roomId) return undefined;
      return { peerId: ticket.peer, role: ticket.role };
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'auth-failed') return undefined;
      throw error;
    }
  }

  async #inviteView(invite: InviteRecord): Promise<Invite> {
    const token = await this.#tokens.issueInvite(
      { jti: invite.inviteId, room: invite.roomId, role: invite.role },
      invite.expiresAt,
    );
    return {
      inviteId: invite.inviteId,
      roomId: invite.roomId,
      ...(invite.handle !== undefined && { handle: invite.handle }),
      ...(invite.label !== undefined && { label: invite.label }),
      role: invite.role,
      singleUse: invite.singleUse,
      state: 'pending',
      usedBy: [],
      createdAt: isoTime(invite.createdAt),
      expiresAt: isoTime(invite.expiresAt),
      token,
      // In the fragment, which browsers keep to themselves: tokens stay out of logs.
      link: `${this.#publicOrigin()}/join/${invite.roomId}#invite=${token}`,
    };
  }

  #isIn(caller: Caller, roomId: string): boolean {
    return this.#registry.participantOf(roomId, caller.userId) !== undefined;
  }

  #maySee(room: Room, caller: Caller | undefined): boolean {
    const audience = this.#registry.audienceOf(room.roomId);
    return audience !== undefined && maySee(audience, caller);
  }

  #requirePresence(caller: Caller, roomId: string): ParticipantRecord {
    this.#registry.require(roomId);
    const own = this.#registry.participantOf(roomId, caller.userId);
    if (own) return own;
    throw new ProtocolError('forbidden', 'Join the room first.');
  }

  #requireHost(caller: Caller, roomId: string, what: string): Room {
    const room = this.#registry.require(roomId);
    if (room.host.userId === caller.userId) return room;
    throw new ProtocolError('forbidden', `Only the host of this room can ${what}.`);
  }

  #requireOpenAsHost(caller: Caller, roomId: string, what: string): Room {
    const room = this.#requireHost(caller, roomId, what);
    if (room.state !== 'ended') return room;
    throw new ProtocolError('room-closed', 'This room has ended. Open it again first.');
  }
}
