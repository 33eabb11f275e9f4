import type { Logger } from 'pino';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { KEYS } from './cluster-keys.ts';
import { type RedisRoomStore, storeUnavailable } from './redis-room-store.ts';

/** Rooms of a node that is gone that are taken at once; the others take theirs meanwhile. */
const ADOPTED_AT_ONCE = 64;

/** Where a room is: on this node, on another, or there is none. */
export type RoomPlace = 'here' | 'nowhere' | { nodeId: string };

/**
 * Which node owns which room. A room is owned by the node that made it, and taken by another when
 * that is gone: by whoever is asked for it first, or in passing.
 */
export class RoomOwnership {
  readonly #bus: ClusterBus;
  readonly #store: RedisRoomStore;
  readonly #registry: RoomRegistry;
  readonly #logger: Logger;
  /** What is known of rooms on other nodes. */
  readonly #owners = new Map<string, string>();
  readonly #claims = new Map<string, Promise<RoomPlace>>();
  readonly #adopting = new Set<string>();

  constructor(options: {
    bus: ClusterBus;
    store: RedisRoomStore;
    registry: RoomRegistry;
    logger: Logger;
  }) {
    this.#bus = options.bus;
    this.#store = options.store;
    this.#registry = options.registry;
    this.#logger = options.logger;
    const { bus } = options;
    bus.on('left', (nodeId) => this.#forgetNode(nodeId));
    bus.on('orphaned', (nodeId) => void this.#adoptFrom(nodeId));
    bus.on('resumed', () => void this.#reclaim());
  }

  /** The place, where it is known without asking Redis. */
  known(roomId: string): RoomPlace | undefined {
    if (this.#registry.get(roomId)) return 'here';
    const nodeId = this.#owners.get(roomId);
    return nodeId !== undefined && this.#bus.others.has(nodeId) ? { nodeId } : undefined;
  }

  /** Takes the room where its owner is gone. Rejects with `store-unavailable`. */
  async locate(roomId: string): Promise<RoomPlace> {
    const known = this.known(roomId);
    if (known) return known;
    if (!this.#bus.isSure) throw storeUnavailable();
    const claim =
      this.#claims.get(roomId) ?? this.#claim(roomId).finally(() => this.#claims.delete(roomId));
    this.#claims.set(roomId, claim);
    return claim;
  }

  /** What was known of the room's place was wrong. */
  forget(roomId: string): void {
    this.#owners.delete(roomId);
  }

  async #claim(roomId: string): Promise<RoomPlace> {
    const claim = await this.#store.claim(roomId).catch((cause: unknown) => {
      throw Object.assign(storeUnavailable(), { cause });
    });
    switch (claim.outcome) {
      case 'claimed':
        if (!this.#registry.get(roomId)) this.#registry.adopt(claim.record);
        return 'here';
      case 'owned':
        this.#owners.set(roomId, claim.nodeId);
        return { nodeId: claim.nodeId };
      case 'none':
        return 'nowhere';
      default:
        throw storeUnavailable();
    }
  }

  #forgetNode(gone: string): void {
    for (const [roomId, nodeId] of this.#owners) {
      if (nodeId === gone) this.#owners.delete(roomId);
    }
  }

  async #adoptFrom(gone: string): Promise<void> {
    if (this.#adopting.has(gone) || !this.#bus.isSure) return;
    this.#adopting.add(gone);
    try {
      const roomIds = await this.#bus.redis.sRandMemberCount(KEYS.roomsOf(gone), ADOPTED_AT_ONCE);
      const places = await Promise.all(roomIds.map((roomId) => this.locate(roomId)));
      const adopted = places.filter((place) => place === 'here').length;
      this.#logger.info({ gone, adopted }, 'rooms of a node that is gone go on here');
    } catch (err) {
      this.#logger.warn({ err, gone }, 'rooms of a node that is gone could not be taken yet');
    } finally {
      this.#adopting.delete(gone);
    }
  }

  /** After a time without a lease: what others took is let go, what Redis lost is written anew. */
  async #reclaim(): Promise<void> {
    const roomIds = this.#registry.roomIds();
    if (roomIds.length === 0) return;
    try {
      const owners = await this.#bus.redis.hmGet(KEYS.owners, roomIds);
      for (const [index, roomId] of roomIds.entries()) {
        const owner = owners[index];
        if (owner === this.#bus.nodeId) continue;
        if (owner === null || owner === undefined) this.#registry.keepAnew(roomId);
        else this.#registry.release(roomId);
      }
      this.#registry.hearEverybody();
    } catch (err) {
      this.#logger.warn({ err }, 'it could not be seen yet which rooms are still this node’s');
    }
  }
}
