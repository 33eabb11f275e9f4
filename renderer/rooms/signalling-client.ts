import { CLOSE } from '../../protocol/close-codes.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ClientMessage, ServerMessage } from '../../protocol/messages.ts';
import type { FeedRef } from '../../protocol/posts.ts';
import {
  type CreateRoomRequest,
  type CreateRoomResponse,
  type JoinRoomResponse,
  type Participant,
  ROOM_LIMITS,
} from '../../protocol/rooms.ts';
import type { SessionKeeper } from '../identity/session-keeper.ts';
import { Emitter } from './emitter.ts';
import { type RetryPolicy, reconnectDelay } from './reconnect-delay.ts';
import { SignallingSocket } from './signalling-socket.ts';
import type { HeartbeatEcho, SignallingState } from './streaming.ts';

/** An echo later than this means that the socket is dead though nobody closed it. */
const ECHO_TIMEOUT_MS = 10_000;

/** Refusals after which asking again can't help: the room is over for us. */
const FINAL: ReadonlySet<string> = new Set([
  'room-not-found',
  'room-closed',
  'room-full',
  'banned',
  'forbidden',
  'invite-required',
  'invite-expired',
  'invite-revoked',
  'invite-used',
  'invite-invalid',
]);

export interface SignallingEvents {
  state: SignallingState;
  /** Everything that is not an answer to a request of ours. */
  message: ServerMessage;
  /** Back in the room after a lost socket. The peer may be another than before. */
  rejoined: JoinRoomResponse;
  /** The room can't be had back: why. */
  lost: ProtocolError;
  /** The member went on in another tab or window. Coming back would only throw that one out. */
  replaced: { roomId: string };
}

export interface SignallingOptions {
  /** e.g. `ws://127.0.0.1:41234/ws`. */
  url: string;
  sessions: Pick<SessionKeeper, 'session' | 'renewInMs' | 'reset'>;
  retry?: RetryPolicy;
}

/** What is needed to get back into the room. */
interface Membership {
  roomId: string;
  peerId: string;
  meshTicket: string;
  invitationToken?: string | undefined;
}

/**
 * The way to the rendezvous: one socket, authenticated, kept alive by heartbeats, and made anew
 * with backoff while there is a room to return to.
 */
export class SignallingClient extends Emitter<SignallingEvents> {
  readonly #options: SignallingOptions;
  readonly #retry: RetryPolicy;
  readonly #timers = new Map<'retry' | 'heartbeat' | 'echo' | 'renewal', number>();
  #state: SignallingState = 'offline';
  #socket: SignallingSocket | undefined;
  #opening: Promise<SignallingSocket> | undefined;
  /** What the socket was authenticated with. */
  #token: string | undefined;
  #membership: Membership | undefined;
  #attempt = 0;
  #lastEcho: HeartbeatEcho | undefined;
  #connection: Participant['connection'] = 'direct';

  constructor(options: SignallingOptions) {
    super();
    this.#options = options;
    this.#retry = options.retry ?? reconnectDelay;
  }

  get state(): SignallingState {
    return this.#state;
  }

  /** The answer to the last heartbeat that was answered; absent before the first. */
  get lastEcho(): HeartbeatEcho | undefined {
    return this.#lastEcho;
  }

  /** How our media travels; the room hears of a change at once, and again with each heartbeat. */
  setConnection(connection: Participant['connection']): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.#beat();
  }

  /** The last mesh ticket of the room we are in. */
  get meshTicket(): string | undefined {
    return this.#membership?.meshTicket;
  }

  /** Connects and authenticates; at once where that is done. Rejects with a `ProtocolError`. */
  async open(): Promise<void> {
    await this.#open();
  }

  /** Joins over the open socket: one round trip. Rejects with the node's refusal. */
  async join(request: { roomId: string; invitationToken?: string }): Promise<JoinRoomResponse> {
    const socket = await this.#open();
    const answer = await socket.request({ type: 'room:join', ...request }, 'room:joined');
    this.#enter(answer, request.invitationToken);
    return answer;
  }

  /**
   * Asks to be let in. Answers as a join where there is a way in by right, `undefined` while a
   * moderator has to decide: `room:admission` brings the answer, and a plain join follows.
   */
  async knock(roomId: string): Promise<JoinRoomResponse | undefined> {
    const socket = await this.#open();
    const answer = await socket.request(
      { type: 'room:join', roomId, knock: true },
      'room:joined',
      'room:pending',
    );
    if (answer.type === 'room:pending') return undefined;
    this.#enter(answer);
    return answer;
  }

  /** Creates a room and joins it as its host. */
  async create(request: CreateRoomRequest): Promise<CreateRoomResponse> {
    const socket = await this.#open();
    const answer = await socket.request({ ...request, type: 'room:create' }, 'room:created');
    this.#enter(answer);
    return answer;
  }

  /** Hears of a feed's posts on this socket from now on. Rejects with the node's refusal. */
  async follow(feed: FeedRef): Promise<void> {
    const socket = await this.#open();
    await socket.request({ type: 'feed:follow', feed }, 'feed:followed');
  }

  /** Hears no more of it. */
  unfollow(feed: FeedRef): void {
    this.#socket?.send({ type: 'feed:unfollow', feed });
  }

  /** Sends to the node; lost while there is no connection. */
  send(message: ClientMessage): void {
    this.#socket?.send(message);
  }

  /** The room is left: a lost socket is no longer made anew for it. */
  leaveRoom(): void {
    this.#membership = undefined;
    this.#connection = 'direct';
    this.#clear('heartbeat', 'echo', 'retry');
    if (this.#state === 'retrying') this.#setState('offline');
  }

  /** Closes the socket and forgets the room. */
  close(): void {
    this.leaveRoom();
    this.#clear('renewal');
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#setState('offline');
  }

  #enter(answer: JoinRoomResponse, invitationToken?: string): void {
    const { room, peerId, meshTicket } = answer;
    this.#membership = { roomId: room.roomId, peerId, meshTicket, invitationToken };
    this.#beat();
  }

  async #open(): Promise<SignallingSocket> {
    const socket = this.#socket;
    if (socket) {
      const { token } = await this.#options.sessions.session();
      // The profile changed since: the room should see the present one.
      if (token !== this.#token) await this.#authenticate(socket);
      return socket;
    }
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<SignallingSocket> {
    if (this.#state === 'offline') this.#setState('connecting');
    let socket: SignallingSocket | undefined;
    try {
      socket = await SignallingSocket.connect(this.#options.url);
      await this.#authenticate(socket);
    } catch (error) {
      socket?.close();
      if (this.#state === 'connecting') this.#setState('offline');
      throw error;
    }
    const connected = socket;
    connected.on('message', (message) => this.#receive(message));
    connected.on('closed', ({ code }) => this.#lose(connected, code));
    this.#socket = connected;
    if (!this.#membership) this.#setState('online');
    return connected;
  }

  async #authenticate(socket: SignallingSocket): Promise<void> {
    const { token } = await this.#options.sessions.session();
    try {
      await socket.request({ type: 'authenticate', token }, 'authenticated');
      this.#token = token;
    } catch (error) {
      // The node may have lost its keys or its patience; the next try proves the identity anew.
      if (error instanceof ProtocolError && error.code === 'auth-failed') {
        this.#options.sessions.reset();
      }
      throw error;
    }
    this.#schedule('renewal', this.#options.sessions.renewInMs(), () =>
      this.#authenticate(socket).catch(() => socket.close()),
    );
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'heartbeat') {
      this.#clear('echo');
      const atMs = Date.now();
      this.#lastEcho = { atMs, roundTripMs: Math.max(0, atMs - message.ts) };
      return;
    }
    const membership = this.#membership;
    if (message.type === 'ticket:renewed' && message.roomId === membership?.roomId) {
      membership.meshTicket = message.meshTicket;
    }
    if (message.type === 'room:ended' && message.roomId === membership?.roomId) this.leaveRoom();
    this.emit('message', message);
  }

  #beat(): void {
    const membership = this.#membership;
    const socket = this.#socket;
    if (!membership || !socket) return;
    const { roomId, peerId } = membership;
    const connection = this.#connection;
    socket.send({ type: 'heartbeat', roomId, peerId, ts: Date.now(), connection });
    this.#schedule('echo', ECHO_TIMEOUT_MS, () => {
      socket.close();
      this.#lose(socket);
    });
    this.#schedule('heartbeat', ROOM_LIMITS.heartbeatIntervalMs, () => this.#beat());
  }

  /** @param code why the socket closed, where it did (RFC 6455, section 7.4). */
  #lose(socket: SignallingSocket, code?: number): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#clear('heartbeat', 'echo', 'renewal');
    const membership = this.#membership;
    if (code === CLOSE.replaced) this.leaveRoom();
    if (!this.#membership) {
      this.#setState('offline');
      if (membership) this.emit('replaced', { roomId: membership.roomId });
      return;
    }
    this.#setState('retrying');
    this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    this.#schedule('retry', this.#retry.delayMs(this.#attempt++), () => this.#comeBack());
  }

  async #comeBack(): Promise<void> {
    const membership = this.#membership;
    if (!membership) return;
    try {
      const socket = await this.#open();
      const answer = await this.#rejoin(socket, membership);
      if (this.#membership !== membership) return;
      this.#attempt = 0;
      this.#enter(answer, membership.invitationToken);
      this.#setState('online');
      this.emit('rejoined', answer);
    } catch (error) {
      if (this.#membership !== membership) return;
      if (error instanceof ProtocolError && FINAL.has(error.code)) {
        this.leaveRoom();
        this.#setState(this.#socket ? 'online' : 'offline');
        this.emit('lost', error);
      } else if (this.#socket) {
        this.#socket.close();
      } else {
        this.#scheduleRetry();
      }
    }
  }

  /** The node takes the last ticket where it is still good, else the invitation. */
  #rejoin(socket: SignallingSocket, membership: Membership): Promise<JoinRoomResponse> {
    const { roomId, meshTicket, invitationToken } = membership;
    return socket.request(
      {
        type: 'room:join',
        roomId,
        meshTicket,
        ...(invitationToken !== undefined && { invitationToken }),
      },
      'room:joined',
    );
  }

  #setState(state: SignallingState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state);
  }

  #schedule(name: 'retry' | 'heartbeat' | 'echo' | 'renewal', ms: number, run: () => unknown) {
    this.#clear(name);
    const timer = setTimeout(run, ms) as unknown as number;
    this.#timers.set(name, timer);
  }

  #clear(...names: ('retry' | 'heartbeat' | 'echo' | 'renewal')[]): void {
    for (const name of names) {
      clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }
}
