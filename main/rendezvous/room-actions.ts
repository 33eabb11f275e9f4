import { ProtocolError } from '../../protocol/errors.ts';
import type {
  CreateRoomRequest,
  CreateRoomResponse,
  JoinPendingResponse,
  JoinRoomRequest,
  JoinRoomResponse,
  Participant,
  PromoteRequest,
  Room,
  WayIn,
} from '../../protocol/rooms.ts';
import { requireScope } from '../identity/create-access.ts';
import type { Projects } from '../projects/projects.ts';
import type { IceSource } from '../turn/turn-service.ts';
import { type Caller, isInside, maySee } from './access.ts';
import { inviteRequired } from './admission.ts';
import type { InvitationActions } from './invitation-actions.ts';
import type { MeshTickets } from './mesh-tickets.ts';
import { roomNotFound } from './room-directory.ts';
import type { RoomPosts } from './room-posts.ts';
import { type ParticipantRecord, participantView } from './room-record.ts';
import type { RoomRegistry } from './room-registry.ts';

export interface RoomActionsOptions {
  registry: RoomRegistry;
  tickets: MeshTickets;
  invitations: InvitationActions;
  posts: RoomPosts;
  projects: Projects;
  turn: IceSource | undefined;
}

/**
 * Everything a caller may do to rooms, with its checks of scope, role and membership: one place
 * for REST and the socket alike. All throw `ProtocolError`s.
 */
export class RoomActions {
  readonly #registry: RoomRegistry;
  readonly #tickets: MeshTickets;
  readonly #invitations: InvitationActions;
  readonly #posts: RoomPosts;
  readonly #projects: Projects;
  readonly #turn: IceSource | undefined;

  constructor(options: RoomActionsOptions) {
    this.#registry = options.registry;
    this.#tickets = options.tickets;
    this.#invitations = options.invitations;
    this.#posts = options.posts;
    this.#projects = options.projects;
    this.#turn = options.turn;
  }

  /** Makes a room with the caller in it as host, or opens an ended one of the caller's again. */
  async create(caller: Caller, request: CreateRoomRequest): Promise<CreateRoomResponse> {
    requireScope(caller, 'stream:create');
    const made = this.#inProject(caller, request);
    const room = request.roomId
      ? this.#registry.reopen(request.roomId, caller, made)
      : this.#registry.create(caller, made);
    const participant = this.#registry.people.join(room.roomId, caller);
    const invitees = request.invitees?.length ? request.invitees : [{ role: 'speaker' as const }];
    const invites = this.#registry.invites.mint(room.roomId, invitees);
    if (request.recording) this.#registry.requestRecording(room.roomId, true);
    return {
      ...(await this.#joined(room.roomId, participant)),
      invites: await Promise.all(invites.map((invite) => this.#invitations.view(invite))),
    };
  }

  /**
   * Enters a room by right, by invitation, or on a reconnect by the last mesh ticket. A ticket
   * that has run out or is somebody else's gives nothing, and the usual rules decide. With `knock`,
   * who would be refused for want of an invitation waits for a moderator's approval.
   */
  async join(
    caller: Caller,
    roomId: string,
    shown: JoinRoomRequest & { meshTicket?: string | undefined },
  ): Promise<JoinRoomResponse | JoinPendingResponse> {
    requireScope(caller, 'stream:join');
    const room = this.#requireInside(caller, roomId);
    this.#registry.requireNotBanned(roomId, caller.userId);
    const peerId = shown.meshTicket
      ? await this.#tickets.peerIdOf(caller, roomId, shown.meshTicket)
      : undefined;
    const comesBack = peerId !== undefined && this.#registry.isAdmitted(roomId, caller.userId);
    const inviteId =
      shown.invitationToken === undefined || comesBack || this.#isIn(caller, roomId)
        ? undefined
        : await this.#invitations.idOf(shown.invitationToken, roomId);
    try {
      const participant = this.#registry.people.join(roomId, caller, {
        ...(inviteId !== undefined && { inviteId }),
        ...(peerId !== undefined && { peerId }),
        stewards: this.#stewards(caller, room),
      });
      return await this.#joined(roomId, participant);
    } catch (error) {
      const mayKnock = error instanceof ProtocolError && error.code === 'invite-required';
      if (!shown.knock || !mayKnock) throw error;
      return { status: 'pending', peerId: this.#registry.knocks.knock(roomId, caller).peerId };
    }
  }

  leave(caller: Caller, roomId: string): void {
    this.#registry.people.leave(roomId, caller.userId);
  }

  /** Rooms that have not ended and that the caller may see. */
  list(caller: Caller | undefined): Room[] {
    return this.#registry.open().filter((room) => this.#maySee(room, caller));
  }

  /** An ended room is answered too, so that a link that comes late can say so. */
  get(caller: Caller | undefined, roomId: string): Room {
    const room = this.#requireInside(caller, roomId);
    if (caller) this.#registry.requireNotBanned(roomId, caller.userId);
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
    const room = this.#requireInside(caller, roomId);
    if (caller) this.#registry.requireNotBanned(roomId, caller.userId);
    if (room.state === 'ended' || (caller && this.#isIn(caller, roomId))) {
      return this.get(caller, roomId);
    }
    const inviteId = await this.#invitations.idOf(token, roomId);
    this.#registry.invites.check(roomId, inviteId, caller?.userId);
    return this.#registry.require(roomId);
  }

  /** Whether the caller gets in by right, or has to ask; `undefined` without a session. */
  wayIn(caller: Caller | undefined, room: Room): WayIn | undefined {
    if (!caller || room.state === 'ended') return undefined;
    const stewards = this.#stewards(caller, room);
    const isOpen = this.#registry.people.mayEnter(room.roomId, caller, { stewards });
    return isOpen ? 'open' : 'ask';
  }

  participants(caller: Caller, roomId: string): Participant[] {
    this.get(caller, roomId);
    return this.#registry.participants(roomId);
  }

  /** Publishes the room as a stream post and sets it to broadcast; again answers the same post. */
  async promote(
    caller: Caller,
    roomId: string,
    request: PromoteRequest,
  ): Promise<{ room: Room; postId: string }> {
    requireScope(caller, 'post:write');
    const room = this.#requireOpenAsHost(caller, roomId, 'take it live');
    const post = await this.#posts.publish({
      room,
      author: room.host,
      title: request.title ?? room.title,
      description: request.description ?? '',
      tags: request.tags ?? [],
      allowedUserIds: this.#registry.admittedUserIds(roomId),
    });
    return { room: this.#registry.setBroadcast(roomId, post.postId), postId: post.postId };
  }

  /** @param keepsChat whether the chat is kept as well; left as it is without */
  setRecording(caller: Caller, roomId: string, enabled: boolean, keepsChat?: boolean): Room {
    requireScope(caller, 'stream:create');
    this.#requireOpenAsHost(caller, roomId, 'record it');
    if (keepsChat !== undefined) this.#registry.setKeepsChat(roomId, keepsChat);
    return this.#registry.requestRecording(roomId, enabled);
  }

  end(caller: Caller, roomId: string): void {
    requireScope(caller, 'stream:create');
    this.#requireHost(caller, roomId, 'end it');
    this.#registry.end(roomId, 'ended-by-host');
  }

  async #joined(roomId: string, participant: ParticipantRecord): Promise<JoinRoomResponse> {
    const meshTicket = await this.#tickets.issue(roomId, participant);
    return {
      room: this.#registry.require(roomId),
      participant: participantView(participant),
      peerId: participant.peerId,
      participants: this.#registry.participants(roomId),
      meshTicket,
      turnServers: this.#turn?.iceServersFor({ roomId }, participant) ?? [],
    };
  }

  #isIn(caller: Caller, roomId: string): boolean {
    return this.#registry.participantOf(roomId, caller.userId) !== undefined;
  }

  #maySee(room: Room, caller: Caller | undefined): boolean {
    if (caller && this.#registry.isBanned(room.roomId, caller.userId)) return false;
    const audience = this.#registry.audienceOf(room.roomId);
    return audience !== undefined && maySee(audience, caller);
  }

  /** In a private project nothing is for everybody: its members are all there is. */
  #inProject(caller: Caller, request: CreateRoomRequest): CreateRoomRequest {
    const { projectId, visibility } = request;
    if (projectId === undefined) return request;
    const project = this.#projects.require(projectId, caller.userId, 'member');
    const isOpen = visibility === 'public' && project.visibility === 'private';
    return isOpen ? { ...request, visibility: 'followers' } : request;
  }

  /** Rooms of a private project are not there for anybody outside. Throws `room-not-found`. */
  #requireInside(caller: Caller | undefined, roomId: string): Room {
    const room = this.#registry.require(roomId);
    const audience = this.#registry.audienceOf(roomId);
    if (audience && isInside(audience, caller)) return room;
    throw roomNotFound();
  }

  #stewards(caller: Caller, { projectId }: Room): boolean {
    if (projectId === undefined) return false;
    const role = this.#projects.roleOf(projectId, caller.userId);
    return role === 'steward' || role === 'owner';
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
