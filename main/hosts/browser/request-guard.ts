import type { IncomingHttpHeaders } from 'node:http';
import { ProtocolError } from '../../../protocol/errors.ts';

/**
 * Throws `origin-refused` for a request that another site may have caused.
 *
 * The `Host` must be ours: a name that somebody else's DNS points at 127.0.0.1 makes their page
 * same-origin with us in the browser's eyes (DNS rebinding), but it still sends their name. An
 * `Origin`, where there is one, must be ours; a WebSocket must have one, because browsers apply
 * no same-origin rule to them.
 */
export function guardRequest(
  headers: IncomingHttpHeaders,
  origin: string,
  kind: 'page' | 'socket',
): void {
  if (headers.host !== new URL(origin).host) {
    throw new ProtocolError('origin-refused', `This studio answers at ${origin} alone.`);
  }
  if (headers.origin === undefined && kind === 'page') return;
  if (headers.origin === origin) return;
  throw new ProtocolError(
    'origin-refused',
    'Only the studio’s own window may use this address. Guests join through their link.',
  );
}
