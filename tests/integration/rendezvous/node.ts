import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { FastifyPluginAsync } from 'fastify';
import pino, { type Logger } from 'pino';
import { type RawData, WebSocket } from 'ws';
import type { Clock } from '../../../main/clock.ts';
import type { ClusterFlags } from '../../../main/cluster/cluster-flags.ts';
import { openCluster } from '../../../main/cluster/open-cluster.ts';
import { Feed } from '../../../main/feed/feed.ts';
import type { SecretStore } from '../../../main/hosts/host.ts';
import { createAccess } from '../../../main/identity/create-access.ts';
import { Members } from '../../../main/identity/members.ts';
import { TokenIssuer } from '../../../main/identity/token-issuer.ts';
import { ProjectInvitations } from '../../../main/projects/project-invitations.ts';
import { Projects } from '../../../main/projects/projects.ts';
import type { RelayService } from '../../../main/relay/relay-service.ts';
import type { Access } from '../../../main/rendezvous/access.ts';
import { createRendezvous, type NetworkDoor } from '../../../main/rendezvous/create-rendezvous.ts';
import type { RequestLimits } from '../../../main/rendezvous/request-limits.ts';
import { RoomRegistry } from '../../../main/rendezvous/room-registry.ts';
import { SqliteRoomStore } from '../../../main/rendezvous/sqlite-room-store.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import type { TurnService, TurnServiceOptions } from '../../../main/turn/turn-service.ts';
import type { ServerMessage } from '../../../protocol/messages.ts';
import type { ModerationEvent, SignedModerationEvent } from '../../../protocol/moderation.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';
import type { CreateRoomResponse, JoinRoomResponse } from '../../../protocol/rooms.ts';

/** Secrets that live as long as the test. */
export class MemorySecrets implements SecretStore {
  readonly kind = 'file';
  readonly #kept = new Map<string, Uint8Array>();

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.#kept.get(name);
  }

  async set(name: string, secret: Uint8Array): Promise<void> {
    this.#kept.set(name, secret);
  }
}

/** A clock that starts now and moves only when told to. */
export class TestClock {
  nowMs = Date.now();
  readonly now = () => this.nowMs;

  advance(ms: number): void {
    this.nowMs += ms;
  }
}

/** Somebody with a key of their own and a session. */
export function memberOf(node: TestNode, handle: string): Promise<TestMember> {
  return TestMember.open(node, handle, false);
}

/** Somebody who came by a link, with a guest's session. */
export function guestOf(node: TestNode, handle: string): Promise<TestMember> {
  return TestMember.open(node, handle, true);
}

export interface NodeParts {
  db: DatabaseSync;
  access: Access;
  feed: Feed;
  tokens: TokenIssuer;
  clock: Clock;
  logger: Logger;
}

/** Has every node that is started from now on keep its rooms in a Redis, each in one of its own. */
export function keepRoomsInRedis(redis: (() => { url: string; secretFile: string }) | undefined) {
  redisOfNextNode = redis;
}
/** Nodes that are started now share their rooms' store with others, and leave rooms there. */
export const roomsAreInRedis = (): boolean => redisOfNextNode !== undefined;
let redisOfNextNode: (() => { url: string; secretFile: string }) | undefined;

export type TestNode = Awaited<ReturnType<typeof startNode>>;

/** A node that listens on a free loopback port, with everything in memory. */
export async function startNode(
  options: {
    capacity?: number;
    uiDir?: string;
    allowedOrigins?: string[];
    requestLimits?: RequestLimits;
    extraRoutes?: FastifyPluginAsync[];
    /** Routes that need parts of this very node. */
    moreRoutes?: (parts: NodeParts) => FastifyPluginAsync[];
    /** Keeps its rooms in its database, as a studio does. */
    keepsRooms?: boolean;
    port?: number;
    /** Serves its rooms together with others. */
    cluster?: ClusterFlags['cluster'] & { clock?: TestClock; clockOffMs?: number; name?: string };
    /** Relays this node's rooms. */
    relay?: (parts: { registry: RoomRegistry; logger: Logger }) => Promise<RelayService>;
    /** STUN and TURN servers for the people in this node's rooms. */
    turn?: (parts: Pick<TurnServiceOptions, 'rooms' | 'clock' | 'logger'>) => TurnService;
    network?: NetworkDoor;
    /** Whose a picture is. */
    ownerOfPicture?: (assetId: string) => string | undefined;
  } = {},
) {
  const clustered =
    options.cluster ?? (redisOfNextNode && { ...redisOfNextNode(), roomsOnly: false });
  const clock = options.cluster?.clock ?? new TestClock();
  const db = openDatabase(':memory:');
  const logged: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'warn' },
    { write: (line: string) => void logged.push(JSON.parse(line)) },
  );
  const secrets = new MemorySecrets();
  const opened =
    clustered &&
    (await openCluster({
      ...{ flags: clustered, secrets, clock: clock.now, logger },
      name: options.cluster?.name ?? 'Test node',
      clockOffMs: options.cluster?.clockOffMs ?? Number.POSITIVE_INFINITY,
    }));
  const cluster = opened?.cluster;
  const tokens = await TokenIssuer.open({
    secrets: opened?.secrets ?? secrets,
    clock: clock.now,
  });
  const members = new Members({ db, clock: clock.now });
  const projects = new Projects({ db, clock: clock.now });
  const registry = new RoomRegistry({
    clock: clock.now,
    projects,
    ...(options.keepsRooms && { store: new SqliteRoomStore({ db, logger }) }),
    ...(cluster && { store: cluster.store, requireStore: cluster.requireStore }),
    ...(options.capacity !== undefined && { capacity: options.capacity }),
  });
  const { ownerOfPicture } = options;
  const feed = new Feed({ db, clock: clock.now, ...(ownerOfPicture && { ownerOfPicture }) });
  const invitations = new ProjectInvitations({ db, clock: clock.now, projects, members });
  const generous = { sessions: 100_000, writes: 100_000, sockets: 100_000 };
  const limits = options.requestLimits ?? generous;
  const turn = options.turn?.({ rooms: registry, clock: clock.now, logger });
  turn?.on('changed', (roomId, use) => registry.setRelay(roomId, use));
  const relay = await options.relay?.({ registry, logger });
  const access = createAccess({ tokens });
  const moreRoutes =
    options.moreRoutes?.({ db, access, feed, tokens, clock: clock.now, logger }) ?? [];
  const rendezvous = await createRendezvous({
    port: options.port ?? 0,
    host: '127.0.0.1',
    ...(turn && { turn }),
    ...(relay && { relay }),
    ...(cluster && { cluster, keepsRooms: true }),
    ...(options.network && { network: options.network }),
    uiDir: options.uiDir,
    allowedOrigins: options.allowedOrigins ?? ['studio://app'],
    nodeInfo: {
      name: 'Test node',
      version: '0.0.0',
      environment: 'general',
      features: ['streaming', 'recording', 'projects'],
    },
    access,
    tokens,
    members,
    registry,
    feed,
    projects,
    invitations,
    clock: clock.now,
    logger,
    extraRoutes: [...(options.extraRoutes ?? []), ...moreRoutes],
    metrics: async () => '# HELP up\nup 1\n',
    requestLimits: { network: limits, loopback: limits },
  });

  return {
    ...rendezvous,
    clock,
    db,
    tokens,
    members,
    registry,
    feed,
    projects,
    secrets,
    logged,
    cluster,

    async close() {
      await rendezvous.close();
      relay?.close();
    },

    async request(
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) {
      const response = await fetch(`${rendezvous.url}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json');
      const json = isJson ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, json };
    },
  };
}

/** A client of the node: a key, a session, REST calls and a socket. */
export class TestMember {
  readonly node: TestNode;
  readonly handle: string;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
  token = '';
  userId = '';

  private constructor(node: TestNode, handle: string) {
    this.node = node;
    this.handle = handle;
    const pair = generateKeyPairSync('ed25519');
    this.privateKey = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    this.publicKey = String(pair.publicKey.export({ format: 'jwk' }).x);
  }

  static async open(node: TestNode, handle: string, guest: boolean): Promise<TestMember> {
    const member = new TestMember(node, handle);
    await member.signIn({ guest });
    return member;
  }

  async signIn(options: { guest?: boolean; handle?: string } = {}) {
    const challenge = await this.node.request('POST', '/api/session/challenge', {
      publicKey: this.publicKey,
    });
    const answer = await this.node.request('POST', '/api/session', {
      challengeId: challenge.json.challengeId,
      publicKey: this.publicKey,
      signature: this.sign(challenge.json.nonce),
      handle: options.handle ?? this.handle,
      displayName: `The one called ${options.handle ?? this.handle}`,
      guest: options.guest ?? false,
    });
    if (answer.status === 200) {
      this.token = answer.json.token;
      this.userId = answer.json.userId;
    }
    return answer;
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text), this.privateKey).toString('base64url');
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return this.node.request(method, path, body, {
      authorization: `Bearer ${this.token}`,
      ...headers,
    });
  }

  async createRoom(room: Record<string, unknown> = {}): Promise<CreateRoomResponse> {
    const created = await this.call('POST', '/api/signaling/rooms', {
      context: 'profile',
      title: 'Test room',
      visibility: 'public',
      ...room,
    });
    if (created.status !== 201) throw new Error(created.text);
    return created.json;
  }

  async join(roomId: string, invitationToken?: string): Promise<JoinRoomResponse> {
    const joined = await this.call('POST', `/api/signaling/rooms/${roomId}/join`, {
      invitationToken,
    });
    if (joined.status !== 200) throw new Error(joined.text);
    return joined.json;
  }

  /** An act of moderation as the member's own client signs it, now and as host unless told. */
  moderation(
    meshTicket: string,
    about: Pick<ModerationEvent, 'roomId' | 'action' | 'targetPeerId' | 'targetUserId'> &
      Partial<ModerationEvent>,
  ): SignedModerationEvent {
    const event: ModerationEvent = {
      eventId: `mod_${randomBytes(12).toString('base64url')}`,
      lamport: 1,
      at: new Date(this.node.clock.nowMs).toISOString(),
      actor: { userId: this.userId, role: 'host' },
      ...about,
    };
    return { ...event, ticket: meshTicket, signature: this.sign(moderationText(event)) };
  }

  /** An authenticated socket. */
  async socket(): Promise<TestSocket> {
    const socket = await TestSocket.open(this.node);
    socket.send({ type: 'authenticate', token: this.token });
    await socket.next('authenticated');
    return socket;
  }
}

type Typed<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** A socket whose messages are waited for by type, in order of arrival. */
export class TestSocket {
  readonly raw: WebSocket;
  readonly received: ServerMessage[] = [];
  readonly closed: Promise<number>;
  #unread: ServerMessage[] = [];
  #wake: () => void = () => undefined;

  private constructor(raw: WebSocket) {
    this.raw = raw;
    raw.on('message', (data: RawData) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      this.received.push(message);
      this.#unread.push(message);
      this.#wake();
    });
    this.closed = new Promise((resolve) => raw.on('close', (code) => resolve(code)));
    raw.on('close', () => this.#wake());
  }

  static async open(node: TestNode, headers: Record<string, string> = {}): Promise<TestSocket> {
    const raw = new WebSocket(`${node.url.replace('http', 'ws')}/ws`, { headers });
    const socket = new TestSocket(raw);
    await new Promise<void>((resolve, reject) => {
      raw.once('open', () => resolve());
      raw.once('error', reject);
    });
    return socket;
  }

  send(message: unknown): void {
    this.raw.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next unread message of this type that matches; others before it stay unread. */
  async next<T extends ServerMessage['type']>(
    type: T,
    matches: (message: Typed<T>) => boolean = () => true,
  ): Promise<Typed<T>> {
    for (;;) {
      const found = this.#unread.find(
        (message): message is Typed<T> => message.type === type && matches(message as Typed<T>),
      );
      if (found) {
        this.#unread = this.#unread.filter((message) => message !== found);
        return found;
      }
      if (this.raw.readyState === WebSocket.CLOSED) {
        throw new Error(`The socket closed while waiting for "${type}".`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves once all that was sent before has been handled: the node answers in order. */
  async settled(): Promise<void> {
    const requestId = `settled-${this.received.length}`;
    this.send({ type: 'settled?', requestId });
    await this.next('error', (error) => error.requestId === requestId);
  }

  close(): Promise<number> {
    this.raw.close();
    return this.closed;
  }
}
