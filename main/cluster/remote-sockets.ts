import { nanoid } from 'nanoid';
import type { ClientMessage } from '../../protocol/messages.ts';
import type { ClientConnection, Connection } from '../rendezvous/sockets/connection.ts';
import type { MessagePlace, MessageRouter } from '../rendezvous/sockets/message-router.ts';
import { SerialInbox } from '../rendezvous/sockets/serial-inbox.ts';
import type { SocketHub } from '../rendezvous/sockets/socket-hub.ts';
import type { ClusterBus } from './cluster-bus.ts';
import type { ClusterMessage } from './cluster-messages.ts';
import { storeUnavailable } from './redis-room-store.ts';
import { RemoteConnection } from './remote-connection.ts';
import type { RoomOwnership } from './room-ownership.ts';

type MessageOf<T extends ClusterMessage['type']> = Extract<ClusterMessage, { type: T }>;

/** Frames of one socket that may wait while one of them is being handled. */
const MAX_WAITING = 1_000;
/** A frame that was sent back so often has nowhere to go. */
const MOST_TIMES_BACK = 3;

/** What came over a socket. */
type Frame = Pick<MessageOf<'frame'>, 'text' | 'timesBack'>;

interface Remote {
  connection: RemoteConnection;
  inbox: SerialInbox<Frame>;
}

export interface RemoteSocketsOptions {
  bus: ClusterBus;
  ownership: RoomOwnership;
  hub: SocketHub;
  router: MessageRouter;
  /** A socket is gone. */
  closed: (connection: ClientConnection) => void;
  /** This node has the community's posts and projects. */
  hasCommunity: boolean;
}

/**
 * Lets every node know of every socket: what is said to somebody goes out over the node that has
 * their socket, and what they say is handled by the node that owns the room.
 */
export class RemoteSockets {
  readonly #options: RemoteSocketsOptions;
  readonly #bus: ClusterBus;
  /** By node, then by socket. */
  readonly #remotes = new Map<string, Map<string, Remote>>();
  readonly #locals = new Map<string, Connection>();
  readonly #idOf = new WeakMap<Connection, string>();

  constructor(options: RemoteSocketsOptions) {
    this.#options = options;
    this.#bus = options.bus;
    const { bus } = options;
    bus.on('message', (from, message) => this.#receive(from, message));
    bus.on('joined', (nodeId) => this.#announceAll([nodeId]));
    bus.on('left', (nodeId) => this.#nodeGone(nodeId));
    for (const event of ['reconnected', 'resumed'] as const) {
      bus.on(event, () => this.#announceAll([...bus.others.keys()]));
    }
  }

  /** A socket of this node's is somebody's from now on. */
  authenticated(connection: Connection): void {
    const connectionId = this.#idOf.get(connection) ?? nanoid(16);
    this.#idOf.set(connection, connectionId);
    this.#locals.set(connectionId, connection);
    for (const nodeId of this.#bus.others.keys()) this.#announce(connectionId, connection, nodeId);
  }

  closed(connection: Connection): void {
    const connectionId = this.#idOf.get(connection);
    if (connectionId === undefined) return;
    this.#locals.delete(connectionId);
    this.#bus.toAll({ type: 'socket:gone', connectionId });
  }

  /**
   * Where a message of a socket of this node's is to be handled. Throws or rejects with
   * `store-unavailable` where that can't be known, or nobody can do it.
   */
  placeOf(message: ClientMessage): MessagePlace | Promise<MessagePlace> {
    switch (message.type) {
      case 'authenticate':
        return 'here';
      case 'feed:follow':
      case 'feed:unfollow':
        return this.community();
      case 'room:create':
        if (message.projectId !== undefined) return this.community();
        return message.roomId === undefined ? 'here' : this.#placeOfRoom(message.roomId);
      default:
        return this.#placeOfRoom(message.roomId);
    }
  }

  /** The node that has posts and projects. Throws `store-unavailable` while there is none. */
  community(): MessagePlace {
    if (this.#options.hasCommunity) return 'here';
    const node = [...this.#bus.others.values()].find(({ hasCommunity }) => hasCommunity);
    if (!node) throw storeUnavailable();
    return { nodeId: node.nodeId };
  }

  /** Has another node handle what came over a socket of this one's. */
  forward(connection: Connection, text: string, { nodeId }: { nodeId: string }): void {
    const connectionId = this.#idOf.get(connection);
    if (connectionId === undefined) return;
    this.#bus.send(nodeId, { type: 'frame', connectionId, text, timesBack: 0 });
  }

  #placeOfRoom(roomId: string): MessagePlace | Promise<MessagePlace> {
    const { ownership } = this.#options;
    const known = ownership.known(roomId);
    // Where there is none, it is said here that there is none.
    const orHere = (place: Awaited<ReturnType<RoomOwnership['locate']>>) =>
      place === 'nowhere' ? 'here' : place;
    return known ? orHere(known) : ownership.locate(roomId).then(orHere);
  }

  #announce(connectionId: string, connection: Connection, nodeId: string): void {
    const { caller, openedAt } = connection;
    if (!caller) return;
    const known = { ...caller, scopes: [...caller.scopes] };
    this.#bus.send(nodeId, { type: 'socket:here', connectionId, openedAt, caller: known });
  }

  #announceAll(nodeIds: readonly string[]): void {
    for (const nodeId of nodeIds) {
      for (const [connectionId, connection] of this.#locals) {
        this.#announce(connectionId, connection, nodeId);
      }
    }
  }

  #receive(from: string, message: ClusterMessage): void {
    switch (message.type) {
      case 'socket:here':
        this.#socketHere(from, message);
        return;
      case 'socket:gone':
        this.#drop(this.#remotes.get(from)?.get(message.connectionId));
        this.#remotes.get(from)?.delete(message.connectionId);
        return;
      case 'frame': {
        const { connectionId } = message;
        const remote = this.#remotes.get(from)?.get(connectionId);
        if (remote) remote.inbox.put(message);
        else this.#bus.send(from, { ...message, type: 'frame:back', why: 'unknown-socket' });
        return;
      }
      case 'frame:back':
        void this.#cameBack(from, message);
        return;
      case 'send':
        this.#locals.get(message.connectionId)?.sendJson(message.json);
        return;
      case 'close':
        this.#locals.get(message.connectionId)?.close(message.code, message.reason);
        return;
      default:
        return;
    }
  }

  #socketHere(from: string, { connectionId, openedAt, caller }: MessageOf<'socket:here'>): void {
    const { hub, bus } = this.#options;
    const sockets = this.#remotes.get(from) ?? new Map<string, Remote>();
    this.#remotes.set(from, sockets);
    const known = sockets.get(connectionId);
    if (known) {
      known.connection.caller = caller;
      hub.tellAnew(known.connection);
      hub.bindPresences(known.connection, caller.userId);
      return;
    }
    const connection = new RemoteConnection({ bus, nodeId: from, connectionId, openedAt, caller });
    const inbox = new SerialInbox<Frame>(
      (frame) => this.#handle(from, connectionId, connection, frame),
      MAX_WAITING,
    );
    sockets.set(connectionId, { connection, inbox });
    hub.add(connection);
    hub.bindPresences(connection, caller.userId);
  }

  async #handle(
    from: string,
    connectionId: string,
    connection: RemoteConnection,
    { text, timesBack }: Frame,
  ): Promise<void> {
    if (!connection.isOpen) return;
    const { router, ownership } = this.#options;
    const roomId = roomOf(text);
    const place =
      roomId === undefined
        ? 'here'
        : (ownership.known(roomId) ?? (await ownership.locate(roomId).catch(() => undefined)));
    if (place === undefined || typeof place === 'object') {
      const back = { connectionId, text, timesBack, why: 'elsewhere' } as const;
      this.#bus.send(from, { type: 'frame:back', ...back });
      return;
    }
    await router.receive(connection, { data: Buffer.from(text), isBinary: false });
  }

  async #cameBack(from: string, back: MessageOf<'frame:back'>): Promise<void> {
    const { connectionId, text, why } = back;
    const connection = this.#locals.get(connectionId);
    if (!connection) return;
    const { router, ownership } = this.#options;
    const timesBack = back.timesBack + 1;
    if (timesBack > MOST_TIMES_BACK) {
      connection.refuse(storeUnavailable());
      return;
    }
    const again = { type: 'frame', connectionId, text, timesBack } as const;
    if (why === 'unknown-socket') {
      this.#announce(connectionId, connection, from);
      this.#bus.send(from, again);
      return;
    }
    const roomId = roomOf(text);
    if (roomId !== undefined) ownership.forget(roomId);
    try {
      const place = roomId === undefined ? 'here' : await this.#placeOfRoom(roomId);
      if (typeof place === 'object') this.#bus.send(place.nodeId, again);
      else await router.receive(connection, { data: Buffer.from(text), isBinary: false });
    } catch {
      connection.refuse(storeUnavailable());
    }
  }

  #nodeGone(nodeId: string): void {
    for (const remote of this.#remotes.get(nodeId)?.values() ?? []) this.#drop(remote);
    this.#remotes.delete(nodeId);
  }

  #drop(remote: Remote | undefined): void {
    if (!remote) return;
    const { connection, inbox } = remote;
    const { hub, closed } = this.#options;
    const peers = [...connection.peers];
    connection.gone();
    inbox.clear();
    hub.remove(connection);
    closed(connection);
    // Its member may have come back through another node before this one knew that it was gone.
    const userId = connection.caller?.userId;
    if (userId === undefined) return;
    for (const [peerId, roomId] of peers) hub.bindNewest(userId, roomId, peerId);
  }
}

/** The room that a message speaks of; `undefined` for one that speaks of none, or is none. */
function roomOf(text: string): string | undefined {
  try {
    const { roomId } = JSON.parse(text) as { roomId?: unknown };
    return typeof roomId === 'string' ? roomId : undefined;
  } catch {
    return undefined;
  }
}
