import type { FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';

const GUARDED = /^\/(api|ws|tracker|replays)(\/|\?|$)/;

/** The origins a node on this port goes by on its own machine: it listens on 127.0.0.1 alone. */
export function loopbackOrigins(port: number): string[] {
  return ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`);
}

/**
 * Refuses what a page of another site does here: browsers put its `Origin` on every request that
 * changes something, on every cross-origin read a script makes, and on every WebSocket. Clients
 * outside a browser send none and are judged by their session alone.
 *
 * A plain GET without a session is let through: it tells what anybody may know (public rooms,
 * posts and replays), and CORS still keeps the answer from the foreign page. This also covers DNS
 * rebinding: a page whose name was pointed at this address sends its own name as `Origin` on all
 * but plain GETs, and without those it can't have a session.
 *
 * Throws `origin-refused`.
 */
export function checkOrigin(request: FastifyRequest, isAllowed: (origin: string) => boolean): void {
  const { origin } = request.headers;
  if (origin === undefined || isAllowed(origin) || !GUARDED.test(request.url)) return;
  const plainRead =
    (request.method === 'GET' || request.method === 'HEAD') &&
    request.headers.authorization === undefined &&
    request.headers.upgrade === undefined;
  if (plainRead) return;
  throw new ProtocolError(
    'origin-refused',
    'A page of another site may not use this node. Open the studio’s own address.',
  );
}
