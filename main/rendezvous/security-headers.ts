import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Headers for the UI and everything else. The policy lets pages load from this node alone, and
 * fetch from those that have copies of its replays.
 *
 * - `blob:` workers and media: the compositor's worker, recorded and played media.
 * - inline styles: Base UI places popups, and sonner its toasts, with `style` attributes and a
 *   `<style>` element.
 * - `connect-src` names the socket's origins, as not every browser counts `ws:` as `'self'`, and
 *   those of nodes with copies of replays.
 *
 * @param sources origins that pages may connect to, e.g. `ws://127.0.0.1:41234`; known once the
 *   node listens.
 */
export async function setSecurityHeaders(
  app: FastifyInstance,
  sources: () => readonly string[],
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", () => sources().join(' ')],
      },
    },
    // The studio's own window is another origin (`studio://app`, the bridge's port); what it may
    // read is settled by CORS and sessions.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Over plain HTTP on loopback; a node with TLS sets it at its own border.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
