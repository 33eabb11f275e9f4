import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { StreamPost } from '../../protocol/posts.ts';
import type { Feed } from '../feed/feed.ts';
import type { StreamToPublish } from '../feed/stream-posts.ts';
import type { RelayService } from '../relay/relay-service.ts';
import type { RoomPosts } from '../rendezvous/room-posts.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import type { ClientConnection, Connection } from '../rendezvous/sockets/connection.ts';
import type { Elsewhere, MessageRouter } from '../rendezvous/sockets/message-router.ts';
import type { SocketHub } from '../rendezvous/sockets/socket-hub.ts';
import { BorrowedPlaces } from './borrowed-places.ts';
import type { ClusterBus } from './cluster-bus.ts';
import type { ClusterMessage } from './cluster-messages.ts';
import { ClusterQuestions } from './cluster-questions.ts';
import { LentPlaces } from './lent-places.ts';
import { RedisRoomStore, storeUnavailable } from './redis-room-store.ts';
import { RemoteSockets } from './remote-sockets.ts';
import { RequestForwarding } from './request-forwarding.ts';
import { RoomOwnership } from './room-ownership.ts';

type PublishMessage = Extract<ClusterMessage, { type: 'post:publish' }>;

/** What of a node the cluster works with. */
export interface ClusterParts {
  app: FastifyInstance;
  hub: SocketHub;
  router: MessageRouter;
  registry: RoomRegistry;
  feed: Feed;
  /** Where this node relays rooms. */
  relay: RelayService | undefined;
  /** A socket is gone. */
  closed: (connection: ClientConnection) => void;
}

/** This node's part in a community that several nodes serve, with their rooms in Redis. */
export class Cluster {
  readonly bus: ClusterBus;
  readonly store: RedisRoomStore;
  /** This node has the community's members, posts and projects. */
  readonly hasCommunity: boolean;
  readonly #logger: Logger;
  #sockets: RemoteSockets | undefined;
  readonly #questions: ClusterQuestions;
  #parts: ClusterParts | undefined;

  constructor(options: { bus: ClusterBus; hasCommunity: boolean; logger: Logger }) {
    this.bus = options.bus;
    this.hasCommunity = options.hasCommunity;
    this.#logger = options.logger;
    this.#questions = new ClusterQuestions(options.bus);
    this.store = new RedisRoomStore({
      ...{ bus: options.bus, logger: options.logger },
      mayHaveProjects: options.hasCommunity,
      lost: (roomId) => this.#parts?.registry.release(roomId),
    });
  }

  /** Throws `store-unavailable` while what is decided here could not be kept for all. */
  readonly requireStore = (): void => {
    if (!this.bus.isSure) throw storeUnavailable();
  };

  /** What the node's sockets have others do. */
  readonly elsewhere: Elsewhere = {
    authenticated: (connection) => this.#sockets?.authenticated(connection),
    placeOf: (message) => this.#sockets?.placeOf(message) ?? 'here',
    forward: (connection, text, place) => this.#sockets?.forward(connection, text, place),
  };

  /** Rooms' posts, where this node does not have them itself. */
  get posts(): RoomPosts | undefined {
    if (this.hasCommunity) return undefined;
    return {
      publish: (stream) => this.#publishElsewhere(stream),
      allow: (roomId, userId) => this.#tellCommunity({ type: 'post:allow', roomId, userId }),
      end: (roomId, endsAt) => this.#tellCommunity({ type: 'post:end', roomId, endsAt }),
    };
  }

  /** Begins to work with the others. Before the node's routes are there. */
  serve(parts: ClusterParts): void {
    const { app, registry, hub, router, closed, relay } = parts;
    const { bus, store, hasCommunity } = this;
    const questions = this.#questions;
    const logger = this.#logger;
    this.#parts = parts;
    const ownership = new RoomOwnership({ bus, store, registry, logger });
    const sockets = new RemoteSockets({
      ...{ bus, ownership, hub, router, closed, hasCommunity },
    });
    this.#sockets = sockets;
    new RequestForwarding({
      ...{ bus, questions, ownership, store, logger },
      community: () => sockets.community(),
    }).register(app);
    if (relay) {
      new LentPlaces({ bus, workers: relay.workers, logger });
      relay.shareWith(new BorrowedPlaces({ bus, questions, hub }));
      bus.sayThatItRelays();
    }
    if (hasCommunity) bus.on('message', (from, message) => this.#hearOfPosts(from, message));
  }

  /** A socket of this node's is closed. */
  socketClosed(connection: Connection): void {
    this.#sockets?.closed(connection);
  }

  /** Tries again what could not be kept, once that may work. */
  tick(): void {
    if (this.bus.isClockOff && this.#parts) {
      for (const roomId of this.#parts.registry.roomIds()) this.#parts.registry.release(roomId);
    }
    if (this.bus.isSure) this.store.retry();
  }

  /** Hands this node's rooms to the others. What it has is kept first. */
  async leave(): Promise<void> {
    const registry = this.#parts?.registry;
    registry?.flush();
    await this.store.allSettled();
    await this.bus.resign();
    for (const roomId of registry?.roomIds() ?? []) registry?.release(roomId);
  }

  #tellCommunity(message: ClusterMessage): void {
    for (const { nodeId, hasCommunity } of this.bus.others.values()) {
      if (hasCommunity) this.bus.send(nodeId, message);
    }
  }

  async #publishElsewhere(stream: StreamToPublish): Promise<StreamPost> {
    const place = this.#sockets?.community();
    if (typeof place !== 'object') throw storeUnavailable();
    const { nodeId } = place;
    const answer = await this.#questions.ask(nodeId, (askId) => {
      const text = JSON.stringify(stream);
      this.bus.send(nodeId, { type: 'post:publish', askId, stream: text });
    });
    if (answer.status !== 200) throw storeUnavailable();
    return JSON.parse(answer.body) as StreamPost;
  }

  #hearOfPosts(from: string, message: ClusterMessage): void {
    const feed = this.#parts?.feed;
    if (message.type === 'post:allow') feed?.allow(message.roomId, message.userId);
    if (message.type === 'post:end') feed?.endStream(message.roomId, message.endsAt);
    if (message.type === 'post:publish' && feed) this.#publish(from, message, feed);
  }

  #publish(from: string, { askId, stream }: PublishMessage, feed: Feed): void {
    const body = JSON.stringify(feed.publishStream(JSON.parse(stream) as StreamToPublish));
    this.bus.send(from, { type: 'answer', askId, answer: { status: 200, headers: {}, body } });
  }
}
