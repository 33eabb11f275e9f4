import type { Logger } from 'pino';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ServerMessage } from '../../../protocol/messages.ts';
import { type Participant, ROOM_LIMITS, type Room } from '../../../protocol/rooms.ts';
import type { Clock } from '../../clock.ts';
import type { RoomActions } from '../room-actions.ts';
import type { EndedReason } from '../room-directory.ts';
import type { RoomRegistry } from '../room-registry.ts';
import type { Connection } from './connection.ts';
import { SignalMailbox } from './signal-mailbox.ts';

/** A socket that says nothing of who it is may stay this long. */
export const AUTHENTICATE_WITHIN_MS = 5000;

/** A ticket is renewed this long before it runs out: time for several retries. */
export const RENEW_TICKET_BEFORE_MS = 2 * 60_000;

export interface SocketHubOptions {
  registry: RoomRegistry;
  actions: RoomActions;
  clock: Clock;
  logger: Logger;
}

/**
 * Knows which socket speaks for which participant, and tells the people of a room what changes.
 * A socket that closes leaves its participants in the room: heartbeats decide about them.
 */
export class SocketHub {
  readonly #registry: RoomRegistry;
  readonly #actions: RoomActions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** In the order they were opened. */
  readonly #connections = new Set<Connection>();
  /** By room, then by peer. */
  readonly #bound = new Map<string, Map<string, Connection>>();
  readonly #mailbox = new SignalMailbox();
  readonly #changedRooms = new Set<string>();
  readonly #lastStatusAt = new Map<string, number>();
  readonly #renewing = new Set<string>();

  constructor(options: SocketHubOptions) {
    this.#registry = options.registry;
    this.#actions = options.actions;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#registry.on('updated', (roomId) => this.#roomChanged(roomId));
    this.#registry.on('left', (roomId, peerId, how) => this.#participantLeft(roomId, peerId, how));
    this.#registry.on('ended', (room, reason) => this.#roomEnded(room, reason));
  }

  /** Sockets that are open now. */
  get size(): number {
    return this.#connections.size;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection);
    for (const [peerId, roomId] of connection.peers) this.#unbind(roomId, peerId);
  }

  /** Gives a socket that just authenticated those presences of its member that have none. */
  bindPresences(connection: Connection, userId: string): void {
    for (const { roomId, peerId } of this.#registry.presencesOf(userId)) {
      if (!this.#socketOf(roomId, peerId)) this.#bind(connection, roomId, peerId);
    }
  }

  /** After a join over REST: the member's newest socket speaks for it, unless one does already. */
  bindNewest(userId: string, roomId: string, peerId: string): void {
    if (this.#socketOf(roomId, peerId)) return;
    const newest = [...this.#connections].findLast(({ caller }) => caller?.userId === userId);
    if (newest) this.#bind(newest, roomId, peerId);
  }

  /**
   * After a join over this socket: it speaks for the peer from now on. An older socket with
   * nothing left to speak for is closed, so that a second window does not fight with the first.
   */
  takeOver(connection: Connection, roomId: string, peerId: string): void {
    const older = this.#socketOf(roomId, peerId);
    this.#bind(connection, roomId, peerId);
    if (older && older !== connection && older.peers.size === 0) {
      older.close(CLOSE.replaced, 'another socket took over');
    }
  }

  /** Whether this socket speaks for the peer; a member's other socket may take over by speaking. */
  speaksFor(connection: Connection, roomId: string, peerId: string): boolean {
    if (connection.peers.get(peerId) === roomId) return true;
    const participant = this.#registry.participant(roomId, peerId);
    if (!participant || participant.userId !== connection.caller?.userId) return false;
    this.#bind(connection, roomId, peerId);
    return true;
  }

  /** Sends to one participant; keeps it a while when its socket is away. `false`: no more room. */
  deliver(roomId: string, peerId: string, message: ServerMessage): boolean {
    const text = JSON.stringify(message);
    const connection = this.#socketOf(roomId, peerId);
    if (!connection) return this.#mailbox.put(peerId, text, this.#clock());
    connection.sendText(text);
    return true;
  }

  /** Applies what time decides: late authentication, old sessions, tickets, live status. */
  tick(now: number): void {
    for (const connection of [...this.#connections]) this.#checkSession(connection, now);
    for (const [roomId, peers] of this.#bound) {
      for (const [peerId, connection] of peers) this.#renewTicket(connection, roomId, peerId, now);
      const room = this.#registry.get(roomId);
      if (room) this.#sendStatus(room, now);
    }
    this.#mailbox.sweep(now);
  }

  #checkSession(connection: Connection, now: number): void {
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

  #renewTicket(connection: Connection, roomId: string, peerId: string, now: number): void {
    const participant = this.#registry.participant(roomId, peerId);
    if (!participant || this.#renewing.has(peerId)) return;
    if (participant.ticketExpiresAt - now > RENEW_TICKET_BEFORE_MS) return;
    this.#renewing.add(peerId);
    this.#actions
      .renewTicket(roomId, participant)
      .then((meshTicket) => connection.send({ type: 'ticket:renewed', roomId, meshTicket }))
      .catch((err: unknown) => this.#logger.error({ err, roomId }, 'a ticket was not renewed'))
      .finally(() => this.#renewing.delete(peerId));
  }

  /** Many changes in one turn are one message. */
  #roomChanged(roomId: string): void {
    if (this.#changedRooms.size === 0) setImmediate(() => this.#tellChanges());
    this.#changedRooms.add(roomId);
  }

  #tellChanges(): void {
    for (const roomId of this.#changedRooms) {
      const room = this.#registry.get(roomId);
      const peers = this.#bound.get(roomId);
      if (!room || room.state === 'ended' || !peers) continue;
      const text = JSON.stringify(roomUpdate(room, this.#registry.participants(roomId)));
      for (const connection of peers.values()) connection.sendText(text);
      if (!this.#lastStatusAt.has(roomId)) this.#sendStatus(room, this.#clock());
    }
    this.#changedRooms.clear();
  }

  /** Everybody but the host is watching; an audience outside the room is not counted yet. */
  #sendStatus(room: Room, now: number): void {
    if (room.broadcast === 'backstage') return;
    const last = this.#lastStatusAt.get(room.roomId) ?? Number.NEGATIVE_INFINITY;
    if (room.broadcast === 'broadcast' && now - last < ROOM_LIMITS.statusIntervalMs) return;
    this.#lastStatusAt.set(room.roomId, now);
    const viewers = this.#registry
      .participants(room.roomId)
      .filter(({ role, status }) => role !== 'host' && status === 'active');
    this.#toRoom(room.roomId, {
      type: 'room:status',
      roomId: room.roomId,
      liveStatus: room.broadcast === 'broadcast' ? 'live' : 'ended',
      concurrentViewers: viewers.length,
    });
  }

  #participantLeft(roomId: string, peerId: string, how: 'left' | 'removed'): void {
    if (how === 'removed') {
      this.#socketOf(roomId, peerId)?.send({ type: 'room:ended', roomId, reason: 'removed' });
    }
    this.#unbind(roomId, peerId);
    this.#mailbox.take(peerId, this.#clock());
  }

  #roomEnded(room: Room, reason: EndedReason): void {
    this.#sendStatus(room, this.#clock());
    this.#lastStatusAt.delete(room.roomId);
    this.#toRoom(room.roomId, { type: 'room:ended', roomId: room.roomId, reason });
    for (const peerId of [...(this.#bound.get(room.roomId)?.keys() ?? [])]) {
      this.#unbind(room.roomId, peerId);
    }
  }

  #toRoom(roomId: string, message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const connection of this.#bound.get(roomId)?.values() ?? []) connection.sendText(text);
  }

  #socketOf(roomId: string, peerId: string): Connection | undefined {
    const connection = this.#bound.get(roomId)?.get(peerId);
    return connection?.isOpen ? connection : undefined;
  }

  /** The socket gets the room as it is now, then what was said to the peer meanwhile. */
  #bind(connection: Connection, roomId: string, peerId: string): void {
    const room = this.#registry.get(roomId);
    if (!room || !connection.isOpen || !this.#registry.participant(roomId, peerId)) return;
    this.#bound.get(roomId)?.get(peerId)?.peers.delete(peerId);
    const peers = this.#bound.get(roomId) ?? new Map<string, Connection>();
    peers.set(peerId, connection);
    this.#bound.set(roomId, peers);
    connection.peers.set(peerId, roomId);
    this.#registry.heard(roomId, peerId);
    connection.send(roomUpdate(room, this.#registry.participants(roomId)));
    for (const text of this.#mailbox.take(peerId, this.#clock())) connection.sendText(text);
  }

  #unbind(roomId: string, peerId: string): void {
    const peers = this.#bound.get(roomId);
    peers?.get(peerId)?.peers.delete(peerId);
    peers?.delete(peerId);
    if (peers?.size === 0) this.#bound.delete(roomId);
  }
}

function roomUpdate(room: Room, participants: Participant[]): ServerMessage {
  return { type: 'room:update', roomId: room.roomId, room, participants };
}
