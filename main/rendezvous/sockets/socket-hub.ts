import type { Logger } from 'pino';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ServerMessage } from '../../../protocol/messages.ts';
import type { Participant, Room } from '../../../protocol/rooms.ts';
import type { Clock } from '../../clock.ts';
import type { IceSource } from '../../turn/turn-service.ts';
import type { MeshTickets } from '../mesh-tickets.ts';
import { isModerator } from '../moderation-rights.ts';
import type { LeftHow } from '../room-directory.ts';
import type { ParticipantRecord } from '../room-record.ts';
import type { RoomRegistry } from '../room-registry.ts';
import type { ClientConnection } from './connection.ts';
import { SignalMailbox } from './signal-mailbox.ts';

/** The room and its people as they are now. */
export function roomUpdate(room: Room, participants: Participant[]): ServerMessage {
  return { type: 'room:update', roomId: room.roomId, room, participants };
}

/** A socket that says nothing of who it is may stay this long. */
export const AUTHENTICATE_WITHIN_MS = 5000;

/** A ticket is renewed this long before it runs out: time for several retries. */
export const RENEW_TICKET_BEFORE_MS = 2 * 60_000;

export interface SocketHubOptions {
  registry: RoomRegistry;
  tickets: MeshTickets;
  turn: IceSource | undefined;
  clock: Clock;
  logger: Logger;
}

/**
 * Knows which socket speaks for which participant, and what to say to whom goes through it. A socket that closes leaves its participants in the room: heartbeats decide about them.
 */
export class SocketHub {
  readonly #registry: RoomRegistry;
  readonly #tickets: MeshTickets;
  readonly #turn: IceSource | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** In the order they were opened. */
  readonly #connections = new Set<ClientConnection>();
  /** By room, then by peer. */
  readonly #bound = new Map<string, Map<string, ClientConnection>>();
  readonly #mailbox = new SignalMailbox();
  readonly #renewing = new Set<string>();

  constructor(options: SocketHubOptions) {
    this.#registry = options.registry;
    this.#tickets = options.tickets;
    this.#turn = options.turn;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#registry.on('adopted', (roomId) => {
      for (const { userId, peerId } of this.#registry.participants(roomId)) {
        this.bindNewest(userId, roomId, peerId);
      }
    });
    this.#registry.on('released', (roomId) => this.unbindAll(roomId));
    this.#registry.on('left', (roomId, peerId, how) => this.#participantLeft(roomId, peerId, how));
    this.#registry.on('roleChanged', (roomId, peerId) => {
      const participant = this.#registry.participant(roomId, peerId);
      if (participant) this.#sendTicket(roomId, participant);
    });
  }

  add(connection: ClientConnection): void {
    this.#connections.add(connection);
  }

  remove(connection: ClientConnection): void {
    this.#connections.delete(connection);
    const userId = connection.caller?.userId;
    if (userId !== undefined && !this.#newestOf(userId)) this.#registry.endKnocksOf(userId);
    for (const [peerId, roomId] of connection.peers) this.#unbind(roomId, peerId);
  }

  /** Gives a socket that just authenticated those presences of its member that have none. */
  bindPresences(connection: ClientConnection, userId: string): void {
    for (const { roomId, peerId } of this.#registry.presencesOf(userId)) {
      if (!this.socketOf(roomId, peerId)) this.#bind(connection, roomId, peerId);
    }
  }

  /** A socket that may have missed something: its rooms as they are now. */
  tellAnew(connection: ClientConnection): void {
    for (const [peerId, roomId] of [...connection.peers]) this.#bind(connection, roomId, peerId);
  }

  /** After a join over REST: the member's newest socket speaks for it, unless one does already. */
  bindNewest(userId: string, roomId: string, peerId: string): void {
    if (this.socketOf(roomId, peerId)) return;
    const newest = this.#newestOf(userId);
    if (newest) this.#bind(newest, roomId, peerId);
  }

  /**
   * After a join over this socket: it speaks for the peer from now on. An older socket with
   * nothing left to speak for is closed, so that a second window does not fight with the first.
   */
  takeOver(connection: ClientConnection, roomId: string, peerId: string): void {
    const older = this.socketOf(roomId, peerId);
    this.#bind(connection, roomId, peerId);
    if (older && older !== connection && older.peers.size === 0) {
      older.close(CLOSE.replaced, 'another socket took over');
    }
  }

  /** Whether this socket speaks for the peer; a member's other socket may take over by speaking. */
  speaksFor(connection: ClientConnection, roomId: string, peerId: string): boolean {
    if (connection.peers.get(peerId) === roomId) return true;
    const participant = this.#registry.participant(roomId, peerId);
    if (!participant || participant.userId !== connection.caller?.userId) return false;
    this.#bind(connection, roomId, peerId);
    return true;
  }

  /** The open socket that speaks for a peer. */
  socketOf(roomId: string, peerId: string): ClientConnection | undefined {
    const connection = this.#bound.get(roomId)?.get(peerId);
    return connection?.isOpen ? connection : undefined;
  }

  /** Sends to one participant; keeps it a while when its socket is away. `false`: no more room. */
  deliver(roomId: string, peerId: string, json: string | Buffer): boolean {
    const connection = this.socketOf(roomId, peerId);
    if (!connection) return this.#mailbox.put(peerId, json.toString(), this.#clock());
    connection.sendJson(json);
    return true;
  }

  /** To every socket that speaks for somebody in the room. */
  toRoom(roomId: string, message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const connection of this.#bound.get(roomId)?.values() ?? []) connection.sendJson(text);
  }

  /** To those who moderate the room, and whose session lets them. */
  toModerators(roomId: string, message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const [peerId, connection] of this.#bound.get(roomId) ?? []) {
      if (this.moderates(connection, roomId, peerId)) connection.sendJson(text);
    }
  }

  /** Whether this socket speaks for a moderator of the room. */
  moderates(connection: ClientConnection, roomId: string, peerId: string): boolean {
    const role = this.#registry.participant(roomId, peerId)?.role;
    return isModerator(role) && connection.caller?.scopes.includes('stream:moderate') === true;
  }

  /** To a member's newest socket, in a room or not; does nothing when there is none. */
  toMember(userId: string, message: ServerMessage): void {
    this.#newestOf(userId)?.send(message);
  }

  /** Nobody is told anything more of this room. */
  unbindAll(roomId: string): void {
    for (const peerId of [...(this.#bound.get(roomId)?.keys() ?? [])]) this.#unbind(roomId, peerId);
  }

  /** Applies what time decides: late authentication, old sessions, tickets. */
  tick(now: number): void {
    for (const connection of [...this.#connections]) this.#checkSession(connection, now);
    for (const [roomId, peers] of this.#bound) {
      for (const peerId of peers.keys()) this.#renewTicket(roomId, peerId, now);
    }
    this.#mailbox.sweep(now);
  }

  #checkSession(connection: ClientConnection, now: number): void {
    if (!connection.caller) {
      if (now - connection.openedAt < AUTHENTICATE_WITHIN_MS) return;
      connection.refuse(new ProtocolError('auth-required', 'Send "authenticate" first.'));
    } else {
      if (now < connection.sessionExpiresAt) return;
      connection.refuse(
        new ProtocolError(
          'auth-failed',
          'The session has run out. Renew it and authenticate again.',
        ),
      );
    }
    connection.close(CLOSE.unauthenticated, 'no valid session');
  }

  #renewTicket(roomId: string, peerId: string, now: number): void {
    const participant = this.#registry.participant(roomId, peerId);
    if (!participant || participant.ticketExpiresAt - now > RENEW_TICKET_BEFORE_MS) return;
    this.#sendTicket(roomId, participant);
  }

  /** One at a time for a peer: the last ticket it gets is the one with its role as it is. */
  #sendTicket(roomId: string, participant: ParticipantRecord): void {
    const { peerId, role } = participant;
    if (this.#renewing.has(peerId)) return;
    this.#renewing.add(peerId);
    this.#tickets
      .issue(roomId, participant)
      .then((meshTicket) => {
        this.#renewing.delete(peerId);
        if (!this.#registry.participant(roomId, peerId)) return;
        if (participant.role !== role) this.#sendTicket(roomId, participant);
        else {
          const turnServers = this.#turn?.iceServersFor({ roomId }, participant) ?? [];
          const renewed: ServerMessage = {
            type: 'ticket:renewed',
            ...{ roomId, meshTicket, turnServers },
          };
          this.deliver(roomId, peerId, JSON.stringify(renewed));
        }
      })
      .catch((err: unknown) => {
        this.#renewing.delete(peerId);
        this.#logger.error({ err, roomId }, 'a ticket was not renewed');
      });
  }

  #participantLeft(roomId: string, peerId: string, how: LeftHow): void {
    if (how !== 'left') {
      this.socketOf(roomId, peerId)?.send({ type: 'room:ended', roomId, reason: how });
    }
    this.#unbind(roomId, peerId);
    this.#mailbox.take(peerId, this.#clock());
  }

  #newestOf(userId: string): ClientConnection | undefined {
    return [...this.#connections].findLast(({ caller }) => caller?.userId === userId);
  }

  /** The socket gets the room as it is now, then what was said to the peer meanwhile. */
  #bind(connection: ClientConnection, roomId: string, peerId: string): void {
    const room = this.#registry.get(roomId);
    if (!room || !connection.isOpen || !this.#registry.participant(roomId, peerId)) return;
    this.#bound.get(roomId)?.get(peerId)?.peers.delete(peerId);
    const peers = this.#bound.get(roomId) ?? new Map<string, ClientConnection>();
    peers.set(peerId, connection);
    this.#bound.set(roomId, peers);
    connection.peers.set(peerId, roomId);
    this.#registry.people.heard(roomId, peerId);
    connection.send(roomUpdate(room, this.#registry.participants(roomId)));
    const knocks = this.#registry.knocks.list(roomId);
    if (knocks.length > 0 && this.moderates(connection, roomId, peerId)) {
      connection.send({ type: 'room:knocks', roomId, knocks });
    }
    for (const text of this.#mailbox.take(peerId, this.#clock())) connection.sendJson(text);
  }

  #unbind(roomId: string, peerId: string): void {
    const peers = this.#bound.get(roomId);
    peers?.get(peerId)?.peers.delete(peerId);
    peers?.delete(peerId);
    if (peers?.size === 0) this.#bound.delete(roomId);
  }
}
