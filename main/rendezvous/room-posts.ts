import type { StreamPost } from '../../protocol/posts.ts';
import type { Feed } from '../feed/feed.ts';
import type { StreamToPublish } from '../feed/stream-posts.ts';

/** What rooms have to do with posts. */
export interface RoomPosts {
  /** Publishes a room as a live post; again answers the same one. */
  publish(stream: StreamToPublish): StreamPost | Promise<StreamPost>;
  /** Somebody was let into the room, and may see its posts. */
  allow(roomId: string, userId: string): void;
  /** The room has ended. `endsAt` is ISO 8601. */
  end(roomId: string, endsAt: string): void;
}

/** Posts of this node's own feed. */
export function ownPosts(feed: Feed): RoomPosts {
  return {
    publish: (stream) => feed.publishStream(stream),
    allow: (roomId, userId) => feed.allow(roomId, userId),
    end: (roomId, endsAt) => feed.endStream(roomId, endsAt),
  };
}
