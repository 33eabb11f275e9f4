import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Addresses of the protocol: the UI is never served there. */
const PROTOCOL_PATHS = /^\/(api|ws|replays|metrics|healthz|\.well-known)(\/|$)/;

/** Serves the UI's files from a folder. Files under `assets/` carry a hash in their names. */
export async function serveUi(app: FastifyInstance, uiDir: string): Promise<void> {
  const assets = join(uiDir, 'assets');
  await app.register(fastifyStatic, {
    root: uiDir,
    wildcard: true,
    index: 'index.html',
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header(
        'cache-control',
        path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}

/** Whether a request nothing else answers is for a page of the UI, whose routes are its own. */
export function wantsPage(request: FastifyRequest): boolean {
  return (
    request.method === 'GET' &&
    !PROTOCOL_PATHS.test(request.url.split('?')[0] ?? '') &&
    (request.headers.accept ?? '').includes('text/html')
  );
}

/** Answers the UI's one page. */
export function sendPage(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html');
}
