import type { Logger } from 'pino';
import type { z } from 'zod';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ClientMessage, Heartbeat, SignalMessage } from '../../../protocol/messages.ts';
import type { Clock } from '../../clock.ts';
import { callerOf } from '../../identity/create-access.ts';
import type { TokenIssuer } from '../../identity/token-issuer.ts';
import type { Caller } from '../access.ts';
import type { RoomActions } from '../room-actions.ts';
import type { RoomRegistry } from '../room-registry.ts';
import { isCompactJson } from './compact-json.ts';
import { type ClientConnection, Connection } from './connection.ts';
import type { FeedNews } from './feed-news.ts';
import { withInvites } from './invites-message.ts';
import { type AcceptedMessage, readMessage } from './read-message.ts';
import type { SocketHub } from './socket-hub.ts';

type MessageOf<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

export interface MessageRouterOptions {
  registry: RoomRegistry;
  actions: RoomActions;
  tokens: TokenIssuer;
  hub: SocketHub;
  feeds: FeedNews;
  clock: Clock;
  logger: Logger;
  /** Nodes that share their rooms with this one. */
  elsewhere?: Elsewhere | undefined;
  /** For each signalling message that was passed on. */
  relayed?: (() => void) | undefined;
}

/** What a node among several has others do. */
export interface Elsewhere {
  /** A socket of this node's has a member. */
  authenticated(connection: Connection): void;
  /** Where a message is to be handled. Throws or rejects with `store-unavailable`. */
  placeOf(message: ClientMessage): MessagePlace | Promise<MessagePlace>;
  forward(connection: Connection, text: string, place: { nodeId: string }): void;
}

export type MessagePlace = 'here' | { nodeId: string };

/** Does what a client's messages ask for. */
export class MessageRouter {
  readonly #registry: RoomRegistry;
  readonly #actions: RoomActions;
  readonly #tokens: TokenIssuer;
  readonly #hub: SocketHub;
  readonly #feeds: FeedNews;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #relayed: (() => void) | undefined;
  readonly #elsewhere: Elsewhere | undefined;

  constructor(options: MessageRouterOptions) {
    this.#registry = options.registry;
    this.#actions = options.actions;
    this.#tokens = options.tokens;
    this.#hub = options.hub;
    this.#feeds = options.feeds;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#relayed = options.relayed;
    this.#elsewhere = options.elsewhere;
  }

  /**
   * Handles one frame. Answers a promise where something must be waited for: the next frame of
   * this socket comes after it. Never rejects.
   */
  receive(
    connection: ClientConnection,
    frame: { data: Buffer; isBinary: boolean },
  ): Promise<void> | undefined {
    const read = readMessage(connection, frame, this.#clock());
    const { requestId } = read;
    const type = 'message' in read ? read.message.type : undefined;
    if (!connection.caller && type !== 'authenticate') {
      const tooLarge = 'refusal' in read && read.refusal.code === 'message-too-large';
      connection.refuse(
        tooLarge ? read.refusal : new ProtocolError('auth-required', 'Send "authenticate" first.'),
        requestId,
      );
      connection.close(CLOSE.unauthenticated, 'not authenticated');
      return undefined;
    }
    if ('refusal' in read) {
      connection.refuse(read.refusal, requestId);
      return undefined;
    }
    try {
      return this.#place(connection, read, frame.data)?.catch((error: unknown) =>
        this.#failed(connection, error, requestId),
      );
    } catch (error) {
      this.#failed(connection, error, requestId);
      return undefined;
    }
  }

  /** Here, or on the node that can. What came from another node was meant for this one. */
  #place(
    connection: ClientConnection,
    read: AcceptedMessage,
    bytes: Buffer,
  ): Promise<void> | undefined {
    const elsewhere = this.#elsewhere;
    if (!elsewhere || !(connection instanceof Connection)) {
      return this.#dispatch(connection, read, bytes);
    }
    const handle = (place: MessagePlace) => {
      if (place === 'here') return this.#dispatch(connection, read, bytes);
      elsewhere.forward(connection, read.text, place);
      return undefined;
    };
    const place = elsewhere.placeOf(read.message);
    return place instanceof Promise ? place.then(handle) : handle(place);
  }

  #dispatch(
    connection: ClientConnection,
    { message, text }: AcceptedMessage,
    bytes: Buffer,
  ): Promise<void> | undefined {
    if (message.type === 'authenticate') return this.#authenticate(connection, message);
    const { caller } = connection;
    if (!caller) return undefined;
    switch (message.type) {
      case 'room:create':
        return this.#create(connection, caller, message);
      case 'room:join':
        return this.#join(connection, caller, message);
      case 'heartbeat':
        this.#heartbeat(connection, message);
        return undefined;
      case 'feed:follow': {
        const { feed, requestId } = message;
        this.#feeds.follow(connection, feed);
        connection.send({ type: 'feed:followed', feed, ...echo(requestId) });
        return undefined;
      }
      case 'feed:unfollow': {
        const { feed, requestId } = message;
        this.#feeds.unfollow(connection, feed);
        connection.send({ type: 'feed:unfollowed', feed, ...echo(requestId) });
        return undefined;
      }
      default:
        this.#signal(
          connection,
          message,
          isCompactJson(text, message) ? bytes : JSON.stringify(message),
        );
        return undefined;
    }
  }

  async #authenticate(
    connection: ClientConnection,
    message: MessageOf<'authenticate'>,
  ): Promise<void> {
    try {
      const claims = await this.#tokens.verifySession(message.token);
      if (connection.caller && connection.caller.userId !== claims.sub) {
        throw new ProtocolError('auth-failed', 'This socket belongs to another member.');
      }
      const isFirst = !connection.caller;
      connection.caller = callerOf(claims);
      connection.sessionExpiresAt = claims.exp * 1000;
      connection.send({
        type: 'authenticated',
        userId: claims.sub,
        scopes: claims.scopes,
        ...echo(message.requestId),
      });
      if (isFirst) this.#hub.bindPresences(connection, claims.sub);
      if (connection instanceof Connection) this.#elsewhere?.authenticated(connection);
    } catch (error) {
      this.#failed(connection, error, message.requestId);
      connection.close(CLOSE.unauthenticated, 'authentication failed');
    }
  }

  async #create(
    connection: ClientConnection,
    caller: Caller,
    { type: _, requestId, ...request }: MessageOf<'room:create'>,
  ): Promise<void> {
    const created = await this.#actions.create(caller, request);
    const { invites, ...rest } = created;
    connection.send(withInvites({ type: 'room:created', ...rest, ...echo(requestId) }, invites));
    this.#hub.takeOver(connection, created.room.roomId, created.peerId);
  }

  async #join(
    connection: ClientConnection,
    caller: Caller,
    { type: _, roomId, requestId, ...shown }: MessageOf<'room:join'>,
  ): Promise<void> {
    const joined = await this.#actions.join(caller, roomId, shown);
    if ('status' in joined) {
      connection.send({ type: 'room:pending', ...joined, roomId, ...echo(requestId) });
      return;
    }
    connection.send({ type: 'room:joined', ...joined, ...echo(requestId) });
    this.#hub.takeOver(connection, roomId, joined.peerId);
  }

  #heartbeat(connection: ClientConnection, message: z.infer<typeof Heartbeat>): void {
    this.#requireSpeaker(connection, message.roomId, message.peerId);
    this.#registry.people.heard(message.roomId, message.peerId, message.connection);
    connection.send(message);
  }

  /** @param json the message as it is sent: nothing but what the schema knows. */
  #signal(connection: ClientConnection, message: SignalMessage, json: string | Buffer): void {
    const { roomId, from, to } = message;
    this.#requireSpeaker(connection, roomId, from);
    this.#registry.people.heard(roomId, from);
    if (to === from || !this.#registry.participant(roomId, to)) {
      throw new ProtocolError('peer-not-found', 'This participant is not in the room any more.');
    }
    if (!this.#hub.deliver(roomId, to, json)) {
      throw new ProtocolError('peer-not-found', 'This participant is not connected right now.');
    }
    this.#relayed?.();
  }

  #requireSpeaker(connection: ClientConnection, roomId: string, peerId: string): void {
    if (this.#hub.speaksFor(connection, roomId, peerId)) return;
    const room = this.#registry.require(roomId);
    if (room.state === 'ended') throw new ProtocolError('room-closed', 'This room has ended.');
    if (this.#registry.participant(roomId, peerId)) {
      throw new ProtocolError('forbidden', 'You can only speak for yourself.');
    }
    if (connection.caller) this.#registry.requireNotBanned(roomId, connection.caller.userId);
    throw new ProtocolError('peer-not-found', 'You are not in this room any more. Join again.');
  }

  #failed(connection: ClientConnection, error: unknown, requestId: string | undefined): void {
    if (error instanceof ProtocolError) {
      connection.refuse(error, requestId);
      return;
    }
    this.#logger.error({ err: error }, 'a socket message failed');
    connection.refuse(
      new ProtocolError('internal', 'Something went wrong on this node. Try again.'),
      requestId,
    );
  }
}

function echo(requestId: string | undefined): { requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}
