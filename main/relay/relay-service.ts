import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import { RELAY_LINGERS_MS, type RelayProducer, type RelaySession } from '../../protocol/relay.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import { RelayRoom, relayAway } from './relay-room.ts';
import type { RelayWorker, RelayWorkers } from './relay-workers.ts';

export interface RelayServiceEvents {
  /** All tracks that are sent to a room's relay are these now. */
  producers: [roomId: string, producers: RelayProducer[]];
  /** These peers' transports are gone. */
  closed: [roomId: string, peerIds: string[], reason: 'worker-died' | 'not-relayed'];
}

/**
 * Relays the rooms whose hosts ask for it. It forwards what it gets and sees ciphertext; who may
 * send and who gets it follows from who is in the room, and from its moderation.
 */
export class RelayService extends EventEmitter<RelayServiceEvents> {
  readonly #workers: RelayWorkers;
  readonly #registry: RoomRegistry;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #rooms = new Map<string, RelayRoom>();
  /** Rooms that went back to their mesh, until all have followed. */
  readonly #lingering = new Map<string, ReturnType<typeof setTimeout>>();

  readonly #lingersMs: number;
  readonly #peersPerRouter: number | undefined;

  /**
   * @param options.name what people see the node called
   * @param options.lingersMs how long a room that went back is forwarded yet
   * @param options.peersPerRouter people of a room on one worker
   */
  constructor(options: {
    workers: RelayWorkers;
    registry: RoomRegistry;
    name: string;
    logger: Logger;
    lingersMs?: number;
    peersPerRouter?: number;
  }) {
    super();
    this.#lingersMs = options.lingersMs ?? RELAY_LINGERS_MS;
    this.#peersPerRouter = options.peersPerRouter;
    this.#workers = options.workers;
    this.#registry = options.registry;
    this.#name = options.name;
    this.#logger = options.logger;
    const { registry, workers } = options;
    workers.on('died', (worker) => this.#workerDied(worker));
    registry.on('left', (roomId, peerId) => this.#rooms.get(roomId)?.remove(peerId));
    registry.on('ended', ({ roomId }) => this.#close(roomId));
    registry.on('updated', (roomId) => void this.#applyModeration(roomId));
  }

  /** Moves a room to the relay or back. Throws `relay-unavailable`. */
  setRelayed(roomId: string, enabled: boolean): void {
    if (enabled) {
      if (this.#workers.running.length === 0) throw relayAway();
      clearTimeout(this.#lingering.get(roomId));
      this.#lingering.delete(roomId);
      this.#registry.setTopology(roomId, this.#name);
      return;
    }
    this.#registry.setTopology(roomId, undefined);
    if (!this.#rooms.has(roomId) || this.#lingering.has(roomId)) return;
    const timer = setTimeout(() => this.#close(roomId, 'not-relayed'), this.#lingersMs);
    this.#lingering.set(roomId, timer);
  }

  /**
   * The room's relay, for somebody who is in it. Throws `not-relayed`, `relay-unavailable`.
   */
  room(roomId: string): RelayRoom {
    const known = this.#rooms.get(roomId);
    if (known) return known;
    if (this.#registry.get(roomId)?.topology !== 'relay') {
      throw new ProtocolError(
        'not-relayed',
        'This room is not relayed: media goes from person to person.',
      );
    }
    const first = this.#workers.leastUsed();
    if (!first) throw relayAway();
    const others = this.#workers.running.filter((worker) => worker !== first);
    const room = new RelayRoom([first, ...others], this.#peersPerRouter);
    room.on('changed', () => this.emit('producers', roomId, room.producers));
    this.#rooms.set(roomId, room);
    return room;
  }

  /** New transports for a peer in the room's relay. Rejects as {@link room} throws. */
  async open(roomId: string, peerId: string): Promise<RelaySession> {
    const session = await this.room(roomId).open(peerId);
    await this.#applyModeration(roomId);
    return session;
  }

  /** Throws `forbidden` for who may send nothing at all: listeners hear and see. */
  requireMaySend(roomId: string, peerId: string): void {
    const participant = this.#registry.participant(roomId, peerId);
    if (participant && participant.role !== 'listener') return;
    throw new ProtocolError('forbidden', 'Listeners hear and see this room, and send nothing.');
  }

  close(): void {
    for (const roomId of [...this.#rooms.keys()]) this.#close(roomId);
    this.#workers.close();
  }

  #close(roomId: string, reason?: 'not-relayed'): void {
    clearTimeout(this.#lingering.get(roomId));
    this.#lingering.delete(roomId);
    const room = this.#rooms.get(roomId);
    if (!room) return;
    this.#rooms.delete(roomId);
    const { peerIds } = room;
    room.close();
    if (reason) this.emit('closed', roomId, peerIds, reason);
  }

  /** Its rooms are made anew on others, as their people come back. */
  #workerDied(worker: RelayWorker): void {
    for (const [roomId, room] of [...this.#rooms]) {
      if (!room.uses(worker)) continue;
      this.#rooms.delete(roomId);
      const { peerIds } = room;
      room.close();
      this.emit('closed', roomId, peerIds, 'worker-died');
    }
  }

  async #applyModeration(roomId: string): Promise<void> {
    const room = this.#rooms.get(roomId);
    if (!room) return;
    for (const peerId of room.peerIds) {
      const participant = this.#registry.participant(roomId, peerId);
      if (!participant) continue;
      const { mutedByModerator: muted, role } = participant;
      const isListener = role === 'listener';
      const rights = { audio: !muted.audio && !isListener, video: !muted.video && !isListener };
      await room.setRights(peerId, rights).catch((err: unknown) => {
        this.#logger.error({ err, roomId }, 'a mute did not reach the relay');
      });
    }
  }
}
