import { extname, join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifyWebSocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { BRIDGE_CLOSE, BRIDGE_PATH, BRIDGE_PROTOCOL } from '../../../preload/wire.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { MAX_BRIDGE_MESSAGE_BYTES } from '../../bridge/web-socket-channel.ts';
import type { WindowPresence } from '../../bridge/window-presence.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import { contentSecurityPolicy, SECURITY_HEADERS } from '../content-security-policy.ts';
import { serveBridgeSocket } from './bridge-socket.ts';
import type { LaunchSecret } from './launch-secret.ts';
import { guardRequest } from './request-guard.ts';
import { studioPage } from './studio-page.ts';
import type { WindowReturn } from './window-return.ts';

export interface StudioOrigin {
  uiDir: string;
  /** Known once the server listens. */
  origin(): string;
  /** `undefined` while the studio starts. */
  studio(): Pick<Studio, 'api' | 'events' | 'nodeUrls'> | undefined;
  secret: LaunchSecret;
  windows: WindowPresence;
  returns: WindowReturn;
  logger: Logger;
}

/** The routes of the studio's own window: the UI, the bridge, and the one-time way in. */
export async function buildStudioOrigin(context: StudioOrigin): Promise<FastifyInstance> {
  const { uiDir, secret, logger } = context;
  const page = studioPage(uiDir);
  const app = Fastify({ forceCloseConnections: true });

  await app.register(fastifyWebSocket, {
    options: {
      maxPayload: MAX_BRIDGE_MESSAGE_BYTES,
      handleProtocols: (offered) => offered.has(BRIDGE_PROTOCOL) && BRIDGE_PROTOCOL,
    },
    preClose(done) {
      for (const client of app.websocketServer.clients) {
        client.close(BRIDGE_CLOSE.stopping, 'the studio stops');
      }
      app.websocketServer.close(() => done());
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    const origin = context.origin();
    guardRequest(request.headers, origin, request.ws ? 'socket' : 'page');
    const studio = context.studio();
    if (!studio) return reply.code(503).header('retry-after', '1').send('The studio is starting.');
    const policy = contentSecurityPolicy(studio.nodeUrls(), origin.replace(/^http/, 'ws'));
    reply.headers({ ...SECURITY_HEADERS, 'content-security-policy': policy });
  });
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof ProtocolError;
    if (!known) logger.error({ err: error }, 'a request of the studio’s window failed');
    const problem = known
      ? error
      : new ProtocolError('internal', 'The studio could not serve this page.');
    return reply.code(problem.status).type('application/problem+json').send(problem.toProblem());
  });

  app.get(BRIDGE_PATH, { websocket: true }, async (socket, request) => {
    const studio = context.studio();
    if (!studio) throw new Error('the guard lets no window in before its studio is there');
    const offered = request.headers['sec-websocket-protocol'];
    const { windows, returns } = context;
    const parts = { origin: context.origin(), studio, secret, windows, returns, logger };
    await serveBridgeSocket(socket, offered, parts);
  });
  app.get<{ Params: { opening: string } }>('/open/:opening', (request, reply) => {
    const fragment = secret.takeOpening(request.params.opening) ? `#secret=${secret.value}` : '';
    return reply.header('cache-control', 'no-store').redirect(`/${fragment}`, 303);
  });
  await app.register(fastifyStatic, {
    root: uiDir,
    index: false,
    cacheControl: false,
    setHeaders(reply, path) {
      // Vite names assets by their content.
      const kept = path.startsWith(join(uiDir, 'assets', sep));
      reply.header('cache-control', kept ? 'max-age=31536000, immutable' : 'no-cache');
    },
    // Files have an extension, routes have none; the page goes out with the bridge's mark, below.
    allowedPath: (path) => extname(path) !== '' && path !== '/index.html',
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' || !request.headers.accept?.includes('text/html')) {
      throw new ProtocolError('not-found', 'There is nothing at this address.');
    }
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
  });
  return app;
}
