import { ProtocolError } from '../../../protocol/errors.ts';
import { MAX_FOLLOWED_FEEDS, type ServerMessage } from '../../../protocol/messages.ts';
import type { FeedRef, Post } from '../../../protocol/posts.ts';
import type { Feed } from '../../feed/feed.ts';
import { type FeedKey, feedOf, profileKey, projectKey } from '../../feed/feed-key.ts';
import type { Members } from '../../identity/members.ts';
import type { Projects } from '../../projects/projects.ts';
import type { ClientConnection } from './connection.ts';

type RoomStatus = Extract<ServerMessage, { type: 'room:status' }>;

export interface FeedNewsOptions {
  feed: Feed;
  members: Pick<Members, 'byHandle'>;
  projects: Pick<Projects, 'get'>;
}

/** Tells those who follow a feed what becomes of its posts: each only of what they may see. */
export class FeedNews {
  readonly #options: FeedNewsOptions;
  readonly #followers = new Map<FeedKey, Set<ClientConnection>>();
  readonly #followed = new Map<ClientConnection, Set<FeedKey>>();
  /** The last word on each live post's room, for whoever begins to follow its feed. */
  readonly #statuses = new Map<string, { post: Post; status: RoomStatus }>();

  constructor(options: FeedNewsOptions) {
    this.#options = options;
    const { feed } = options;
    feed.on('created', (post) => this.#tell(post, { type: 'post:created', post }));
    feed.on('updated', (post) => this.#tell(post, { type: 'post:updated', post }));
    feed.on('deleted', (post) => {
      this.#statuses.delete(post.postId);
      this.#tell(post, { type: 'post:deleted', postId: post.postId });
    });
  }

  /**
   * Throws `not-found` or `project-not-found` where there is no such feed, `rate-limited` past
   * {@link MAX_FOLLOWED_FEEDS}.
   */
  follow(connection: ClientConnection, ref: FeedRef): void {
    const key = this.#keyOf(ref, connection.caller);
    const followed = this.#followed.get(connection) ?? new Set();
    if (!followed.has(key) && followed.size >= MAX_FOLLOWED_FEEDS) {
      throw new ProtocolError(
        'rate-limited',
        `A connection follows ${MAX_FOLLOWED_FEEDS} feeds at most. Unfollow one first.`,
      );
    }
    this.#followed.set(connection, followed.add(key));
    this.#followers.set(key, (this.#followers.get(key) ?? new Set()).add(connection));
    for (const { post, status } of this.#statuses.values()) {
      if (feedOf(post) === key && this.#maySee(connection, post)) connection.send(status);
    }
  }

  /** A feed that is not followed, or not there, is no error. */
  unfollow(connection: ClientConnection, ref: FeedRef): void {
    try {
      this.#unfollow(connection, this.#keyOf(ref, connection.caller));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** The socket is gone. */
  drop(connection: ClientConnection): void {
    for (const key of this.#followed.get(connection) ?? []) this.#unfollow(connection, key);
  }

  /** How many watch a live post's room. People in the room hear it there. */
  tellStatus(postId: string, status: RoomStatus): void {
    const post = this.#options.feed.find(postId);
    if (!post) return;
    if (status.liveStatus === 'live') this.#statuses.set(postId, { post, status });
    else this.#statuses.delete(postId);
    const inRoom = (connection: ClientConnection) =>
      [...connection.peers.values()].includes(status.roomId);
    this.#tell(post, status, (connection) => !inRoom(connection));
  }

  #tell(
    post: Post,
    message: ServerMessage,
    wants: (to: ClientConnection) => boolean = () => true,
  ): void {
    const followers = this.#followers.get(feedOf(post));
    if (!followers) return;
    const json = JSON.stringify(message);
    for (const connection of followers) {
      if (wants(connection) && this.#maySee(connection, post)) connection.sendJson(json);
    }
  }

  #maySee({ caller }: ClientConnection, post: Post): boolean {
    return caller !== undefined && this.#options.feed.maySee(post, caller);
  }

  #keyOf(ref: FeedRef, caller: ClientConnection['caller']): FeedKey {
    const { members, projects } = this.#options;
    if ('projectId' in ref) return projectKey(projects.get(ref.projectId, caller).projectId);
    const owner = members.byHandle(ref.profile);
    if (owner) return profileKey(owner.userId);
    throw new ProtocolError('not-found', 'Nobody on this node has this handle.');
  }

  #unfollow(connection: ClientConnection, key: FeedKey): void {
    const followed = this.#followed.get(connection);
    followed?.delete(key);
    if (followed?.size === 0) this.#followed.delete(connection);
    const followers = this.#followers.get(key);
    followers?.delete(connection);
    if (followers?.size === 0) this.#followers.delete(key);
  }
}
