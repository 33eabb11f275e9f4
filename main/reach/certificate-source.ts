import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { SecretStore } from '../hosts/host.ts';
import { isGoodFor, makeCertificate, type TlsPair } from './certificate.ts';
import { ReachError } from './reach-error.ts';

/** Where the node's certificate comes from. */
export interface CertificateSource {
  readonly kind: 'own' | 'given';
  /** What to serve these hosts with as of now; asked again from time to time. */
  current(hosts: readonly string[]): Promise<TlsPair>;
}

/** Files of a certificate that somebody else issued, both PEM. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

/** The name under which the node's own certificate lies among its secrets. */
export const CERTIFICATE_SECRET = 'tls-certificate';

const Kept = z.object({ cert: z.string(), key: z.string() });

/**
 * A certificate that the node makes itself and keeps among its secrets. It is made again when it
 * lacks a host, has less than a month left, or can't be read.
 */
export function ownCertificate(options: { secrets: SecretStore; clock: Clock }): CertificateSource {
  const { secrets, clock } = options;
  return {
    kind: 'own',
    async current(hosts) {
      const kept = await secrets.get(CERTIFICATE_SECRET);
      const pair = kept && readPair(kept);
      if (pair && isGoodFor(pair.cert, hosts, clock())) return pair;
      const made = await makeCertificate(hosts, clock());
      await secrets.set(CERTIFICATE_SECRET, new TextEncoder().encode(JSON.stringify(made)));
      return made;
    },
  };
}

/** `undefined` for what is no pair: nothing is lost with it but the fingerprint people know. */
function readPair(bytes: Uint8Array): TlsPair | undefined {
  try {
    const pair = Kept.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))
      ? pair
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A certificate from files, read anew each time, so that a renewed one is taken up while the node
 * runs. `current` rejects with `certificate-unusable`.
 */
export function givenCertificate(files: CertificateFiles, clock: Clock): CertificateSource {
  return {
    kind: 'given',
    async current() {
      const [cert, key] = await Promise.all([readPem(files.cert), readPem(files.key)]);
      checkPair({ cert, key }, files, clock());
      return { cert, key };
    },
  };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReachError('certificate-unusable', `${path} can't be read (${reason}).`, error);
  }
}

function checkPair(pair: TlsPair, files: CertificateFiles, nowMs: number): void {
  const certificate = parsed(files.cert, () => new X509Certificate(pair.cert));
  const key = parsed(files.key, () => createPrivateKey(pair.key));
  if (!certificate.checkPrivateKey(key)) {
    throw new ReachError(
      'certificate-unusable',
      `The key in ${files.key} does not belong to the certificate in ${files.cert}. Give the two that were issued together.`,
    );
  }
  if (certificate.validToDate.getTime() <= nowMs) {
    throw new ReachError(
      'certificate-unusable',
      `The certificate in ${files.cert} expired on ${certificate.validToDate.toISOString().slice(0, 10)}. Renew it, or leave it out to use one the node makes itself.`,
    );
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new ReachError(
      'certificate-unusable',
      `${path} holds nothing that TLS can use. It must be PEM, without a passphrase.`,
      error,
    );
  }
}
