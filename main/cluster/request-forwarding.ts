import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Room } from '../../protocol/rooms.ts';
import type { MessagePlace } from '../rendezvous/sockets/message-router.ts';
import type { ClusterBus } from './cluster-bus.ts';
import type { ForwardedAnswer, ForwardedRequest } from './cluster-messages.ts';
import type { ClusterQuestions } from './cluster-questions.ts';
import { type RedisRoomStore, storeUnavailable } from './redis-room-store.ts';
import type { RoomOwnership } from './room-ownership.ts';

/** Marks what was passed on already; its value is known in this process alone. */
const HOP = 'x-swarm-hop';
const ROOMS = '/api/signaling/rooms';
/** What the node with the community's data does. */
const COMMUNITY = /^\/api\/(session|feeds|posts|search|projects|node\/enrolments|assets)(\/|\?|$)/;
/** Of an answer's headers, what a client is to see; the rest is the asked node's own business. */
const PASSED_ON = ['content-type', 'retry-after', 'allow', 'location'];

export interface RequestForwardingOptions {
  bus: ClusterBus;
  questions: ClusterQuestions;
  ownership: RoomOwnership;
  store: RedisRoomStore;
  community: () => MessagePlace;
  logger: Logger;
}

/**
 * Has each request handled by the node that can: those about a room by its owner, those about
 * posts, projects and members by the node that has the community's data.
 */
export class RequestForwarding {
  readonly #options: RequestForwardingOptions;
  readonly #hop = randomBytes(24).toString('base64url');
  #app: FastifyInstance | undefined;

  constructor(options: RequestForwardingOptions) {
    this.#options = options;
    const { bus } = options;
    bus.on('message', (from, message) => {
      if (message.type === 'ask') void this.#answer(from, message.askId, message.request);
    });
  }

  /** Adds its hooks. Before the routes. */
  register(app: FastifyInstance): void {
    this.#app = app;
    app.addHook('preValidation', async (request, reply) => {
      if (request.headers[HOP] === this.#hop || request.routeOptions.url === undefined) return;
      if (request.method === 'GET' && request.url.split('?')[0] === ROOMS) {
        await this.#listEverywhere(request, reply);
        return;
      }
      const place = await this.#placeOf(request);
      if (typeof place === 'object') await this.#passOn(request, reply, place.nodeId);
    });
    // What was decided about a room is kept before it is said that it is done.
    app.addHook('onSend', async (request, reply) => {
      const roomId = roomOf(request);
      const isDone = request.method !== 'GET' && reply.statusCode < 300;
      if (isDone && roomId !== undefined) await this.#options.store.settled(roomId);
    });
  }

  async #placeOf(request: FastifyRequest): Promise<MessagePlace> {
    const { ownership, community } = this.#options;
    const path = request.url.split('?')[0] ?? '';
    if (COMMUNITY.test(path)) return community();
    if (path === ROOMS && request.method === 'POST') {
      const { roomId, projectId } = (request.body ?? {}) as Record<string, unknown>;
      if (typeof projectId === 'string') return community();
      if (typeof roomId !== 'string') return 'here';
      const place = await ownership.locate(roomId);
      return place === 'nowhere' ? 'here' : place;
    }
    const roomId = roomOf(request);
    if (roomId === undefined) return 'here';
    const place = await ownership.locate(roomId);
    return place === 'nowhere' ? 'here' : place;
  }

  async #passOn(request: FastifyRequest, reply: FastifyReply, nodeId: string): Promise<void> {
    const { ownership, bus } = this.#options;
    const roomId = roomOf(request);
    let answer = await this.#ask(nodeId, forwarded(request)).catch((error: unknown) => {
      if (roomId === undefined || bus.others.has(nodeId)) throw error;
      return undefined;
    });
    if (roomId !== undefined && (!answer || answer.isElsewhere)) {
      // It has another owner by now, or is ours.
      ownership.forget(roomId);
      const place = await ownership.locate(roomId);
      if (typeof place !== 'object') return;
      answer = await this.#ask(place.nodeId, forwarded(request));
    }
    if (!answer || answer.isElsewhere) throw storeUnavailable();
    await reply.code(answer.status).headers(answer.headers).send(answer.body);
  }

  /** Each node lists what it owns and the caller may see. */
  async #listEverywhere(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { bus } = this.#options;
    const asked = forwarded(request);
    const answers = await Promise.all([
      this.#inject(asked),
      ...[...bus.others.keys()].map((nodeId) => this.#ask(nodeId, asked).catch(() => undefined)),
    ]);
    const [own] = answers;
    if (own && own.status !== 200) {
      await reply.code(own.status).headers(own.headers).send(own.body);
      return;
    }
    const rooms = answers
      .flatMap((answer) =>
        answer?.status === 200 ? (JSON.parse(answer.body) as { rooms: Room[] }).rooms : [],
      )
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    await reply.headers(own?.headers ?? {}).send(JSON.stringify({ rooms }));
  }

  async #answer(from: string, askId: string, request: ForwardedRequest): Promise<void> {
    const { bus, logger } = this.#options;
    try {
      const isHere = await this.#isHere(request);
      const elsewhere = { status: 503, headers: {}, body: '', isElsewhere: true };
      const answer = isHere ? await this.#inject(request) : elsewhere;
      bus.send(from, { type: 'answer', askId, answer });
    } catch (err) {
      logger.error({ err, url: request.url }, 'a request that was passed on failed');
      bus.send(from, { type: 'answer', askId, answer: { status: 500, headers: {}, body: '' } });
    }
  }

  async #isHere({ url }: ForwardedRequest): Promise<boolean> {
    const [, roomId] = /^\/api\/signaling\/rooms\/([^/?]+)/.exec(url) ?? [];
    if (roomId === undefined) return true;
    const place = await this.#options.ownership
      .locate(decodeURIComponent(roomId))
      .catch(() => undefined);
    return place === 'here' || place === 'nowhere';
  }

  #ask(nodeId: string, request: ForwardedRequest): Promise<ForwardedAnswer> {
    const { bus, questions } = this.#options;
    return questions.ask(nodeId, (askId) => bus.send(nodeId, { type: 'ask', askId, request }));
  }

  async #inject({ method, url, headers, body, ip }: ForwardedRequest): Promise<ForwardedAnswer> {
    if (!this.#app) throw new Error('The node is not ready.');
    const answered = await this.#app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers, [HOP]: this.#hop },
      remoteAddress: ip,
      ...(body !== undefined && { payload: body }),
    });
    const passed = PASSED_ON.flatMap((name) => {
      const value = answered.headers[name];
      return value === undefined ? [] : [[name, String(value)] as const];
    });
    return {
      status: answered.statusCode,
      headers: Object.fromEntries(passed),
      body: answered.body,
    };
  }
}

function roomOf(request: FastifyRequest): string | undefined {
  if (!request.routeOptions.url?.startsWith(`${ROOMS}/:roomId`)) return undefined;
  const { roomId } = request.params as { roomId?: unknown };
  return typeof roomId === 'string' ? roomId : undefined;
}

function forwarded(request: FastifyRequest): ForwardedRequest {
  const { method, url, headers, body, ip } = request;
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && name !== HOP && name !== 'content-length' && name !== 'connection'
      ? [[name, value] as const]
      : [],
  );
  return {
    ...{ method, url, ip },
    headers: Object.fromEntries(passed),
    ...(body !== undefined && body !== null && { body: JSON.stringify(body) }),
  };
}
