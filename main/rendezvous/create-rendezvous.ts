import type { AddressInfo } from 'node:net';
import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Scope } from '../../protocol/identity.ts';
import type { NodeInfo } from '../../protocol/node.ts';
import { INVITATION_HEADER } from '../../protocol/rooms.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { NodeActivity } from '../diagnostics/node-activity.ts';
import type { Feed } from '../feed/feed.ts';
import { feedRoutes } from '../feed/feed-routes.ts';
import type { Members } from '../identity/members.ts';
import { sessionRoutes } from '../identity/session-routes.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { ProjectInvitations } from '../projects/project-invitations.ts';
import { projectRoutes } from '../projects/project-routes.ts';
import type { Projects } from '../projects/projects.ts';
import { endRelaying } from '../relay/end-relaying.ts';
import { relayRoutes } from '../relay/relay-routes.ts';
import type { RelayService } from '../relay/relay-service.ts';
import type { IceSource } from '../turn/turn-service.ts';
import type { Access } from './access.ts';
import { iceRoutes } from './ice-routes.ts';
import { InvitationActions } from './invitation-actions.ts';
import { explainListenError } from './listen-error.ts';
import { concurrentViewers, type LiveAudience } from './live-audience.ts';
import { MeshTickets } from './mesh-tickets.ts';
import { ModerationActions } from './moderation-actions.ts';
import { moderationRoutes } from './moderation-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { describeApi } from './openapi.ts';
import { checkOrigin, loopbackOrigins } from './origin-guard.ts';
import { ParticipantActions } from './participant-actions.ts';
import { participantRoutes } from './participant-routes.ts';
import { answerError, sendProblem } from './problem-details.ts';
import {
  LOOPBACK_LIMITS,
  limitRequests,
  NETWORK_LIMITS,
  type RequestLimits,
} from './request-limits.ts';
import { RoomActions } from './room-actions.ts';
import { ownPosts, type RoomPosts } from './room-posts.ts';
import type { RoomRegistry } from './room-registry.ts';
import { roomRoutes } from './room-routes.ts';
import { RouteTable } from './route-table.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { FeedNews } from './sockets/feed-news.ts';
import { MessageRouter } from './sockets/message-router.ts';
import { ModeratorNews } from './sockets/moderator-news.ts';
import { tellRelayNews } from './sockets/relay-news.ts';
import { RoomNews } from './sockets/room-news.ts';
import { SocketHub } from './sockets/socket-hub.ts';
import { socketRoutes, takeUpgrades } from './sockets/socket-routes.ts';
import { sendPage, serveUi, wantsPage } from './static-ui.ts';
import { untrustedInputCompiler } from './untrusted-input.ts';
import { uploadProbeRoutes } from './upload-probe-routes.ts';

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
  /** How people on other devices reach this node; without it only this computer does. */
  network?: NetworkDoor;
  /** Rooms outlive this process: a stop does not end them, people come back to them. */
  keepsRooms?: boolean;
  /** What a member's session may do here; everything, unless this says otherwise. */
  scopesOf?: (userId: string) => readonly Scope[];
  nodeInfo: NodeInfo;
  access: Access;
  tokens: TokenIssuer;
  members: Members;
  registry: RoomRegistry;
  feed: Feed;
  projects: Projects;
  /** Ways into projects. */
  invitations: ProjectInvitations;
  clock: Clock;
  logger: Logger;
  /** Routes of other parts (recordings, replays), under the same guards and error answers. */
  extraRoutes: readonly FastifyPluginAsync[];
  /** Prometheus text for `/metrics`. */
  metrics?: () => Promise<string>;
  /** Origins besides its own that its pages may fetch from: nodes that have copies of replays. */
  pageSources?: () => readonly string[];
  /** Counts what this node does; a new one that nobody reads unless given. */
  activity?: NodeActivity;
  /** Who watches live from outside rooms; nobody, unless given. */
  viewers?: LiveAudience;
  /** Other nodes that serve the same rooms; without it this one is alone. */
  cluster?: Cluster | undefined;
  /** Relays rooms whose hosts ask for it; without it all are meshes. */
  relay?: RelayService | undefined;
  /** STUN and TURN servers for the people in rooms; without it there are none. */
  turn?: IceSource;
  requestLimits?: { network: RequestLimits; loopback: RequestLimits };
}

/** How people on other devices reach a node; it may change while the node runs. */
export interface NetworkDoor {
  /** Origins of its pages there, e.g. `https://192.168.1.20:40443`. */
  origins(): readonly string[];
  /** What invitation links start with, once the node listens. */
  linkOrigin(): string;
  /** Lets the node recognise itself: the answer to a nonce at `/healthz`. */
  proofOf(nonce: string): string;
}

export interface Rendezvous {
  /** e.g. `http://127.0.0.1:41234` */
  readonly url: string;
  readonly app: FastifyInstance;
  /** All origins it goes by, as of now. */
  origins(): readonly string[];
  /** Sockets that are open now. */
  openSockets(): number;
  /** Applies all timers as of now; it happens twice a second by itself. */
  tick(): void;
  /** Ends the rooms unless they are kept, tells the people in them, and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a node: rooms, sessions and posts over REST, signalling over `/ws`, and the UI for
 * guests. Throws a `ListenError` when it can't listen.
 */
export async function createRendezvous(options: RendezvousOptions): Promise<Rendezvous> {
  const { registry, clock, logger, tokens, access, members, feed, projects } = options;
  const loopback: string[] = [];
  const ownOrigins = () => [...loopback, ...(options.network?.origins() ?? [])];
  const isAllowed = (origin: string) =>
    ownOrigins().includes(origin) || options.allowedOrigins.includes(origin);
  let url = '';

  const publicOrigin = () => options.network?.linkOrigin() ?? url;
  const tickets = new MeshTickets(tokens);
  const invitations = new InvitationActions({ registry, tokens, clock, publicOrigin });
  const moderation = new ModerationActions({ registry, tokens, clock });
  const participants = new ParticipantActions({ registry, moderation });
  const { turn } = options;
  const { cluster, relay } = options;
  const posts = cluster?.posts ?? ownPosts(feed);
  const actions = new RoomActions({ registry, tickets, invitations, posts, projects, turn });
  const hub = new SocketHub({ registry, tickets, turn, clock, logger });
  const feeds = new FeedNews({ feed, members, projects });
  const news = new RoomNews({ registry, hub, feeds, clock, viewers: options.viewers });
  if (relay) tellRelayNews(relay, hub);
  else endRelaying(registry, logger);
  new ModeratorNews({ registry, invitations, hub, logger }).start();
  const activity = options.activity ?? new NodeActivity();
  const router = new MessageRouter({
    ...{ registry, actions, tokens, hub, feeds, clock, logger },
    relayed: () => activity.relayed(),
    elsewhere: cluster?.elsewhere,
  });
  registry.on('moderated', (_roomId, { action }) => activity.moderated(action));
  publishRooms(options, posts);

  const app = createApp(logger);
  await takeUpgrades(app);
  const routes = new RouteTable();
  app.addHook('onRoute', (route) => routes.add(route));
  app.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof ProtocolError) activity.refused(error.code, 'rest');
  });
  app.addHook('onRequest', async (request) => checkOrigin(request, isAllowed));
  await setSecurityHeaders(app, () => [
    ...ownOrigins().flatMap(socketOrigin),
    ...(options.pageSources?.() ?? []).filter(isInPolicies),
  ]);
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
  cluster?.serve({
    ...{ app, hub, router, registry, feed, relay },
    closed: (connection) => feeds.drop(connection),
  });
  await socketRoutes(app, {
    ...{ hub, router, clock },
    closed: (connection) => {
      feeds.drop(connection);
      cluster?.socketClosed(connection);
    },
    refused: (code) => activity.refused(code, 'socket'),
  });
  await app.register(
    nodeRoutes({
      nodeInfo: options.nodeInfo,
      jwks: () => tokens.jwks(),
      metrics: options.metrics,
      proofOf: options.network?.proofOf,
    }),
  );
  await app.register(
    sessionRoutes({ tokens, members, access, clock, scopesOf: options.scopesOf, ownOrigins }),
  );
  await app.register(
    roomRoutes({
      ...{ actions, sockets: hub, access },
      viewersOf: (roomId) =>
        concurrentViewers(roomId, registry.participants(roomId), options.viewers),
    }),
  );
  await app.register(participantRoutes({ actions, participants, access }));
  await app.register(moderationRoutes({ invitations, moderation, access }));
  if (relay) await app.register(relayRoutes({ relay, registry, access }));
  await app.register(
    iceRoutes({ access, iceServers: (caller) => turn?.iceServersForCheck(caller) ?? [] }),
  );
  await app.register(uploadProbeRoutes({ access }));
  await app.register(feedRoutes({ feed, projects, members, access }));
  await app.register(
    projectRoutes({
      ...{ projects, feed, access, publicOrigin },
      invitations: options.invitations,
    }),
  );
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
  loopback.push(...loopbackOrigins(port));

  function tick(): void {
    const now = clock();
    // Who can't be heard for want of the store is not gone.
    if (cluster?.bus.isSure ?? true) registry.sweep(now);
    cluster?.tick();
    hub.tick(now);
    news.tick(now);
  }
  const timer = setInterval(tick, TICK_MS).unref();

  return {
    url,
    app,
    origins: ownOrigins,
    openSockets: () => app.websocketServer.clients.size,
    tick,
    async close() {
      clearInterval(timer);
      if (!options.keepsRooms) {
        for (const room of registry.open()) registry.end(room.roomId, 'node-stopping');
      }
      await cluster?.leave();
      await app.close();
      registry.flush();
      await cluster?.bus.close();
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
  app.setValidatorCompiler(untrustedInputCompiler);
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

/** Rooms and the posts about them stay in step, and what can't be kept of a room is logged. */
function publishRooms(options: RendezvousOptions, posts: RoomPosts): void {
  const { registry, feed, projects, members, clock, logger } = options;
  registry.on('storeFailed', (roomId, err) => {
    logger.error({ err, roomId }, 'a room could not be kept; its next change tries again');
  });
  // Among several nodes a room that is not here may be on another.
  if (!options.cluster) {
    feed.endStreamsWithout((roomId) => (registry.get(roomId)?.state ?? 'ended') !== 'ended');
  }
  registry.on('joined', (roomId, { userId }) => posts.allow(roomId, userId));
  registry.on('ended', ({ roomId }) => posts.end(roomId, isoTime(clock())));
  members.on('renamed', (profile) => {
    feed.renameAuthor(profile);
    projects.rename(profile);
  });
}

function socketOrigin(origin: string): string[] {
  return isInPolicies(origin) ? [origin.replace(/^http/, 'ws')] : [];
}

/** Content security policies know no IPv6 addresses: a page there has `'self'` alone. */
function isInPolicies(origin: string): boolean {
  return !origin.includes('[');
}
