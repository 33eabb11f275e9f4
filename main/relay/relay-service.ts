import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import { RELAY_LINGERS_MS, type RelayProducer, type RelaySession } from '../../protocol/relay.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import { notRelayed, relayAway } from './relay-errors.ts';
import type { RelayPlace } from './relay-place.ts';
import { RelayRoom } from './relay-room.ts';
import type { RelayWorkers } from './relay-workers.ts';
import { WorkerPlace } from './worker-place.ts';

export interface RelayServiceEvents {
  /** All tracks that are sent to a room's relay are these now. */
  producers: [roomId: string, producers: RelayProducer[]];
  /** These peers' transports are gone. */
  closed: [roomId: string, peerIds: string[], reason: 'worker-died' | 'not-relayed'];
}

/** Other nodes that lend places to rooms of this one's. */
export interface RelayLenders {
  /** The one that a peer's socket is on, where that is another and relays. */
  nodeOf(roomId: string, peerId: string): string | undefined;
  nameOf(nodeId: string): string | undefined;
  /** A place there. Rejects with `relay-unavailable`, `store-unavailable`. */
  borrow(nodeId: string, roomId: string): Promise<RelayPlace>;
}

export interface RelayServiceOptions {
  workers: RelayWorkers;
  registry: RoomRegistry;
  /** What people see the node called. */
  name: string;
  logger: Logger;
  /** How long a room that went back is forwarded yet, in ms. */
  lingersMs?: number;
  /** People of a room at one place. */
  peersPerPlace?: number;
}

/**
 * Relays the rooms whose hosts ask for it. It forwards what it gets and sees ciphertext; who may
 * send and who gets it follows from who is in the room, and from its moderation.
 */
export class RelayService extends EventEmitter<RelayServiceEvents> {
  readonly workers: RelayWorkers;
  readonly #options: RelayServiceOptions;
  readonly #registry: RoomRegistry;
  readonly #logger: Logger;
  readonly #rooms = new Map<string, RelayRoom>();
  /** Rooms that went back to their mesh, until all have followed. */
  readonly #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  #lenders: RelayLenders | undefined;

  constructor(options: RelayServiceOptions) {
    super();
    this.#options = options;
    this.workers = options.workers;
    this.#registry = options.registry;
    this.#logger = options.logger;
    const { registry } = options;
    registry.on('left', (roomId, peerId) => this.#rooms.get(roomId)?.remove(peerId));
    registry.on('ended', ({ roomId }) => this.#close(roomId));
    registry.on('released', (roomId) => this.#close(roomId, 'worker-died'));
    registry.on('adopted', (roomId) => this.#adopted(roomId));
    registry.on('updated', (roomId) => void this.#applyModeration(roomId));
  }

  /** Has people be relayed by the nodes that their sockets are on, from now on. */
  shareWith(lenders: RelayLenders): void {
    this.#lenders = lenders;
  }

  /** Moves a room to the relay or back. Throws `relay-unavailable`. */
  setRelayed(roomId: string, enabled: boolean): void {
    if (enabled) {
      if (this.workers.running.length === 0) throw relayAway();
      clearTimeout(this.#lingering.get(roomId));
      this.#lingering.delete(roomId);
      this.#registry.setTopology(roomId, this.#nameOf(this.#rooms.get(roomId)));
      return;
    }
    this.#registry.setTopology(roomId, undefined);
    if (!this.#rooms.has(roomId) || this.#lingering.has(roomId)) return;
    const lingersMs = this.#options.lingersMs ?? RELAY_LINGERS_MS;
    const timer = setTimeout(() => this.#close(roomId, 'not-relayed'), lingersMs);
    this.#lingering.set(roomId, timer);
  }

  /** The room's relay, for somebody who is in it. Throws `not-relayed`. */
  room(roomId: string): RelayRoom {
    const known = this.#rooms.get(roomId);
    if (known) return known;
    if (this.#registry.get(roomId)?.topology !== 'relay') {
      throw notRelayed('This room is not relayed: media goes from person to person.');
    }
    const room = new RelayRoom({
      newPlace: (nodeId) => this.#newPlace(nodeId, roomId),
      peersPerPlace: this.#options.peersPerPlace,
      failed: (err) => this.#logger.error({ err, roomId }, 'a room’s relay could not do a thing'),
    });
    room.on('changed', () => this.emit('producers', roomId, room.producers));
    room.on('lost', (peerIds) => this.emit('closed', roomId, peerIds, 'worker-died'));
    room.on('moved', () => this.#sayByWhom(roomId, room));
    this.#rooms.set(roomId, room);
    return room;
  }

  /**
   * New transports for a peer in the room's relay. Rejects with `not-relayed`, also for who has
   * left meanwhile, and `relay-unavailable`.
   */
  async open(roomId: string, peerId: string): Promise<RelaySession> {
    const room = this.room(roomId);
    const session = await room.open(peerId, this.#lenders?.nodeOf(roomId, peerId));
    if (!this.#registry.participant(roomId, peerId)) {
      room.remove(peerId);
      throw notRelayed('You are not in this room any more.');
    }
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
    this.workers.close();
  }

  #newPlace(nodeId: string | undefined, roomId: string): Promise<RelayPlace> {
    if (nodeId === undefined || !this.#lenders) return WorkerPlace.open(this.workers, roomId);
    return this.#lenders.borrow(nodeId, roomId);
  }

  #close(roomId: string, reason?: RelayServiceEvents['closed'][2]): void {
    clearTimeout(this.#lingering.get(roomId));
    this.#lingering.delete(roomId);
    const room = this.#rooms.get(roomId);
    if (!room) return;
    this.#rooms.delete(roomId);
    const { peerIds } = room;
    room.close();
    if (reason) this.emit('closed', roomId, peerIds, reason);
  }

  /** What another node relayed until now is begun anew here. */
  #adopted(roomId: string): void {
    if (this.#registry.get(roomId)?.topology !== 'relay') return;
    this.#registry.setTopology(roomId, this.#options.name);
    const peerIds = this.#registry.participants(roomId).map(({ peerId }) => peerId);
    this.emit('closed', roomId, peerIds, 'worker-died');
  }

  #sayByWhom(roomId: string, room: RelayRoom): void {
    if (this.#rooms.get(roomId) !== room || this.#lingering.has(roomId)) return;
    this.#registry.setTopology(roomId, this.#nameOf(room));
  }

  /** Who relays it, for people to read: all nodes that it is spread over. */
  #nameOf(room: RelayRoom | undefined): string {
    const { name } = this.#options;
    const names = [...(room?.nodeIds ?? [])].map((nodeId) =>
      nodeId === undefined ? name : (this.#lenders?.nameOf(nodeId) ?? name),
    );
    return names.length === 0 ? name : [...new Set(names)].sort().join(', ');
  }

  async #applyModeration(roomId: string): Promise<void> {
    const room = this.#rooms.get(roomId);
    if (!room) return;
    await Promise.all(
      room.peerIds.map(async (peerId) => {
        const participant = this.#registry.participant(roomId, peerId);
        if (!participant) return;
        const { mutedByModerator: muted, role } = participant;
        const isListener = role === 'listener';
        const rights = { audio: !muted.audio && !isListener, video: !muted.video && !isListener };
        await room.setRights(peerId, rights).catch((err: unknown) => {
          this.#logger.error({ err, roomId }, 'a mute did not reach the relay');
        });
      }),
    );
  }
}
