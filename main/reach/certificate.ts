import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** A certificate and its private key, both PEM; `cert` may carry the chain after it. */
export interface TlsPair {
  cert: string;
  key: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The longest that browsers accept (CA/Browser Forum baseline requirements, 6.3.2). */
export const MAX_VALIDITY_DAYS = 398;

/** Clocks of other devices may be behind ours. */
const BACKDATED_DAYS = 1;

/** A certificate is renewed when less than this is left. */
export const RENEW_BEFORE_DAYS = 30;

/**
 * Makes a certificate of this node's own: ECDSA on P-256, for these hosts alone, for TLS servers.
 *
 * @param hosts IP addresses and names, at least one.
 * @param nowMs ms since the epoch; it is valid from a day before, for 397 days.
 */
export async function makeCertificate(hosts: readonly string[], nowMs: number): Promise<TlsPair> {
  const made = await generate([{ name: 'commonName', value: 'Swarm Studio' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - BACKDATED_DAYS * DAY_MS),
    notAfterDate: new Date(nowMs + (MAX_VALIDITY_DAYS - BACKDATED_DAYS - 1) * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
        ),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** Whether a certificate still serves: it names all of these hosts, and has a month left. */
export function isGoodFor(cert: string, hosts: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(cert);
  if (certificate.validToDate.getTime() - nowMs < RENEW_BEFORE_DAYS * DAY_MS) return false;
  if (certificate.validFromDate.getTime() > nowMs) return false;
  return hosts.every((host) =>
    isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host),
  );
}

/** SHA-256 over the certificate's DER, as browsers show it: `AB:CD:…`. */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

/** The moment it stops being valid, in ms since the epoch. */
export function validUntilMs(cert: string): number {
  return new X509Certificate(cert).validToDate.getTime();
}
