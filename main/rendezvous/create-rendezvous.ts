import type { AddressInfo } from 'node:net';
import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import type { NodeInfo } from '../../protocol/node.ts';
import { type IceServer, INVITATION_HEADER } from '../../protocol/rooms.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { Feed } from '../feed/feed.ts';
import { feedRoutes } from '../feed/feed-routes.ts';
import { projectRoutes } from '../feed/project-routes.ts';
import type { Projects } from '../feed/projects.ts';
import type { Members } from '../identity/members.ts';
import { sessionRoutes } from '../identity/session-routes.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { Access } from './access.ts';
import { explainListenError } from './listen-error.ts';
import { nodeRoutes } from './node-routes.ts';
import { describeApi } from './openapi.ts';
import { checkOrigin, loopbackOrigins } from './origin-guard.ts';
import { participantRoutes } from './participant-routes.ts';
import { answerError, sendProblem } from './problem-details.ts';
import {
  LOOPBACK_LIMITS,
  limitRequests,
  NETWORK_LIMITS,
  type RequestLimits,
} from './request-limits.ts';
import { RoomActions } from './room-actions.ts';
import type { RoomRegistry } from './room-registry.ts';
import { roomRoutes } from './room-routes.ts';
import { RouteTable } from './route-table.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { MessageRouter } from './sockets/message-router.ts';
import { SocketHub } from './sockets/socket-hub.ts';
import { socketRoutes, takeUpgrades } from './sockets/socket-routes.ts';
import { sendPage, serveUi, wantsPage } from './static-ui.ts';

/** Largest request body, as for socket messages; routes that take files set their own. */
const BODY_LIMIT_BYTES = 64 * 1024;

/** How often timers are looked at: a tenth of the shortest of them that people can notice. */
const TICK_MS = 500;

export interface RendezvousOptions {
  /** 0 for any free one. */
  port: number;
  host: '127.0.0.1';
  /** The built UI for guests; without it only the protocol is served. */
  uiDir: string | undefined;
  /** Origins of the studio's own window, besides the node's own. */
  allowedOrigins: readonly string[];
  /** Where guests reach this node, when that is not the address it listens on. */
  publicOrigin?: string;
  nodeInfo: NodeInfo;
  access: Access;
  tokens: TokenIssuer;
  members: Members;
  registry: RoomRegistry;
  feed: Feed;
  projects: Projects;
  clock: Clock;
  logger: Logger;
  /** Routes of other parts (recordings, replays), under the same guards and error answers. */
  extraRoutes: readonly FastifyPluginAsync[];
  /** Prometheus text for `/metrics`. */
  metrics?: () => Promise<string>;
  iceServers?: readonly IceServer[];
  requestLimits?: { network: RequestLimits; loopback: RequestLimits };
}

export interface Rendezvous {
  /** e.g. `http://127.0.0.1:41234` */
  readonly url: string;
  readonly app: FastifyInstance;
  /** Sockets that are open now. */
  openSockets(): number;
  /** Applies all timers as of now; it happens twice a second by itself. */
  tick(): void;
  /** Ends the rooms, tells the people in them, and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a node: rooms, sessions and posts over REST, signalling over `/ws`, and the UI for
 * guests. Throws a `ListenError` when it can't listen.
 */
export async function createRendezvous(options: RendezvousOptions): Promise<Rendezvous> {
  const { registry, clock, logger, tokens, access, members, feed, projects } = options;
  const ownOrigins = new Set<string>();
  if (options.publicOrigin) ownOrigins.add(new URL(options.publicOrigin).origin);
  const isAllowed = (origin: string) =>
    ownOrigins.has(origin) || options.allowedOrigins.includes(origin);
  let url = '';

  const actions = new RoomActions({
    registry,
    tokens,
    feed,
    projects,
    publicOrigin: () => options.publicOrigin ?? url,
    iceServers: options.iceServers ?? [],
  });
  const hub = new SocketHub({ registry, actions, clock, logger });
  const router = new MessageRouter({ registry, actions, tokens, hub, clock, logger });
  publishRooms(options);

  const app = createApp(logger);
  await takeUpgrades(app);
  const routes = new RouteTable();
  app.addHook('onRoute', (route) => routes.add(route));
  app.addHook('onRequest', async (request) => checkOrigin(request, isAllowed));
  await setSecurityHeaders(app, () => [...ownOrigins].map(socketOrigin));
  await app.register(cors, {
    origin: (origin, allow) => allow(null, origin !== undefined && isAllowed(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'range', 'if-none-match', INVITATION_HEADER],
    exposedHeaders: ['content-range', 'accept-ranges', 'etag', 'retry-after'],
    maxAge: 600,
  });
  await limitRequests(
    app,
    options.requestLimits ?? { network: NETWORK_LIMITS, loopback: LOOPBACK_LIMITS },
  );
  await describeApi(app, options.nodeInfo.version);
  await socketRoutes(app, { hub, router, clock });
  await app.register(
    nodeRoutes({
      nodeInfo: options.nodeInfo,
      jwks: () => tokens.jwks(),
      metrics: options.metrics,
    }),
  );
  await app.register(sessionRoutes({ tokens, members, access, clock }));
  await app.register(roomRoutes({ actions, sockets: hub, access }));
  await app.register(participantRoutes({ actions, access }));
  await app.register(feedRoutes({ feed, projects, members, access }));
  await app.register(projectRoutes({ projects, access }));
  for (const extra of options.extraRoutes) await app.register(extra);
  if (options.uiDir !== undefined) await serveUi(app, options.uiDir);
  answerTheRest(app, routes, options.uiDir !== undefined);

  try {
    await app.listen({ port: options.port, host: options.host });
  } catch (error) {
    await app.close();
    throw explainListenError(error, options.port);
  }
  const { port } = app.server.address() as AddressInfo;
  url = `http://${options.host}:${port}`;
  for (const origin of loopbackOrigins(port)) ownOrigins.add(origin);

  function tick(): void {
    const now = clock();
    registry.sweep(now);
    hub.tick(now);
  }
  const timer = setInterval(tick, TICK_MS).unref();

  return {
    url,
    app,
    openSockets: () => hub.size,
    tick,
    async close() {
      clearInterval(timer);
      for (const room of registry.open()) registry.end(room.roomId, 'node-stopping');
      await app.close();
    },
  };
}

function createApp(logger: Logger): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  readJsonAlone(app);
  return app;
}

/** Only JSON is a body here. An empty one is none, for clients that always name the type. */
function readJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else parse(request, body.toString(), done);
  });
}

/** What no route answers: a page of the UI, a wrong method, or nothing at all. */
function answerTheRest(app: FastifyInstance, routes: RouteTable, hasUi: boolean): void {
  app.setNotFoundHandler((request, reply) => {
    if (hasUi && wantsPage(request)) return sendPage(reply);
    const allowed = routes.methodsFor(request.url.split('?')[0] ?? '');
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return sendProblem(
        reply,
        new ProtocolError('not-found', 'There is nothing at this address.'),
      );
    }
    reply.header('allow', allowed.join(', '));
    return sendProblem(
      reply,
      new ProtocolError('method-not-allowed', `This address takes ${allowed.join(', ')}.`),
    );
  });
}

/** Rooms and the posts about them stay in step. */
function publishRooms({ registry, feed, projects, members, clock }: RendezvousOptions): void {
  feed.endStreamsWithout((roomId) => (registry.get(roomId)?.state ?? 'ended') !== 'ended');
  registry.on('joined', (roomId, { userId }) => feed.allow(roomId, userId));
  registry.on('ended', ({ roomId }) => feed.endStream(roomId, isoTime(clock())));
  members.on('renamed', (profile) => {
    feed.renameAuthor(profile);
    projects.renameOwner(profile);
  });
}

function socketOrigin(origin: string): string {
  return origin.replace(/^http/, 'ws');
}
