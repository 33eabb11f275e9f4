import { connect } from 'node:tls';
import { problemOf } from './node-problem.ts';

/** How long a node has to show its certificate. */
const HANDSHAKE_MS = 6_000;

/** What a node shows. */
export interface PeerCertificate {
  /** PEM, without its chain. */
  pem: string;
  /** SHA-256, `AB:CD:…`. */
  fingerprint: string;
  /** This computer knows who issued it, and it is for this host and still valid. */
  trusted: boolean;
}

/**
 * Asks a node for its certificate and nothing else: nothing is sent on this connection. Rejects
 * with `node-unreachable`.
 *
 * @param origin https
 */
export function peerCertificate(origin: string): Promise<PeerCertificate> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      // A name for the server (RFC 6066), which is never an address.
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
      timeout: HANDSHAKE_MS,
    });
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      socket.destroy();
      if (!shown) {
        reject(problemOf(origin, new Error('no certificate')));
        return;
      }
      const { fingerprint256: fingerprint } = shown;
      resolve({ pem: shown.toString(), fingerprint, trusted: socket.authorized });
    });
    socket.once('timeout', () => {
      socket.destroy();
      reject(problemOf(origin, Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    });
    socket.once('error', (error) => reject(problemOf(origin, error)));
  });
}
