import { ROOM_LIMITS, type Room } from '../../../protocol/rooms.ts';
import type { Clock } from '../../clock.ts';
import { concurrentViewers, type LiveAudience } from '../live-audience.ts';
import type { EndedReason } from '../room-directory.ts';
import type { RoomRegistry } from '../room-registry.ts';
import type { FeedNews } from './feed-news.ts';
import { roomUpdate, type SocketHub } from './socket-hub.ts';

/** Tells everybody in a room what changes in it. */
export class RoomNews {
  readonly #registry: RoomRegistry;
  readonly #hub: SocketHub;
  readonly #feeds: Pick<FeedNews, 'tellStatus'>;
  readonly #clock: Clock;
  readonly #viewers: LiveAudience | undefined;
  readonly #changedRooms = new Set<string>();
  readonly #lastStatusAt = new Map<string, number>();

  constructor(options: {
    registry: RoomRegistry;
    hub: SocketHub;
    feeds: Pick<FeedNews, 'tellStatus'>;
    clock: Clock;
    viewers: LiveAudience | undefined;
  }) {
    const { registry } = options;
    this.#feeds = options.feeds;
    this.#registry = registry;
    this.#hub = options.hub;
    this.#clock = options.clock;
    this.#viewers = options.viewers;
    registry.on('updated', (roomId) => this.#roomChanged(roomId));
    registry.on('ended', (room, reason) => this.#roomEnded(room, reason));
    registry.on('moderated', (roomId, event) => {
      const { eventId, action, targetPeerId, scope, reason, expiresAt } = event;
      this.#hub.toRoom(roomId, {
        type: 'moderation:applied',
        ...{ roomId, eventId, action, targetPeerId, scope, reason, expiresAt, event },
      });
    });
    registry.on('moderationExpired', (roomId, event, scope) => {
      const { eventId, action, targetPeerId, reason } = event;
      this.#hub.toRoom(roomId, {
        type: 'moderation:expired',
        ...{ roomId, eventId, action, targetPeerId, scope, reason },
      });
    });
  }

  /** The live status, every 15 s. */
  tick(now: number): void {
    for (const room of this.#registry.open()) this.#sendStatus(room, now);
  }

  /** Many changes in one turn are one message. */
  #roomChanged(roomId: string): void {
    if (this.#changedRooms.size === 0) setImmediate(() => this.#tellChanges());
    this.#changedRooms.add(roomId);
  }

  #tellChanges(): void {
    for (const roomId of this.#changedRooms) {
      const room = this.#registry.get(roomId);
      if (!room || room.state === 'ended') continue;
      this.#hub.toRoom(roomId, roomUpdate(room, this.#registry.participants(roomId)));
      if (!this.#lastStatusAt.has(roomId)) this.#sendStatus(room, this.#clock());
    }
    this.#changedRooms.clear();
  }

  /** Everybody but the host is watching, inside the room and outside of it. */
  #sendStatus(room: Room, now: number): void {
    if (room.broadcast === 'backstage') return;
    const last = this.#lastStatusAt.get(room.roomId) ?? Number.NEGATIVE_INFINITY;
    if (room.broadcast === 'broadcast' && now - last < ROOM_LIMITS.statusIntervalMs) return;
    this.#lastStatusAt.set(room.roomId, now);
    const status = {
      type: 'room:status',
      roomId: room.roomId,
      liveStatus: room.broadcast === 'broadcast' ? 'live' : 'ended',
      concurrentViewers: concurrentViewers(
        room.roomId,
        this.#registry.participants(room.roomId),
        this.#viewers,
      ),
    } as const;
    this.#hub.toRoom(room.roomId, status);
    if (room.postId !== undefined) this.#feeds.tellStatus(room.postId, status);
  }

  #roomEnded(room: Room, reason: EndedReason): void {
    this.#sendStatus(room, this.#clock());
    this.#lastStatusAt.delete(room.roomId);
    this.#viewers?.forget(room.roomId);
    this.#hub.toRoom(room.roomId, { type: 'room:ended', roomId: room.roomId, reason });
    this.#hub.unbindAll(room.roomId);
  }
}
