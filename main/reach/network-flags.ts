import { resolve } from 'node:path';
import { Reach } from '../../protocol/reach.ts';
import { badArguments } from '../hosts/launch-problem.ts';
import type { CertificateFiles } from './certificate-source.ts';

/** How the command line says that people on other devices reach this node. */
export interface NetworkFlags {
  /** For this start; `undefined` for what was chosen before. */
  listen: Reach | undefined;
  /** `undefined` for the one it had before, or any free one. */
  networkPort: number | undefined;
  /** e.g. `https://studio.example`; always https. */
  publicOrigin: string | undefined;
  /** Absolute paths; `undefined` for a certificate the node makes itself. */
  tls: CertificateFiles | undefined;
}

/** The flags for `parseArgs`. */
export const networkFlags = {
  listen: { type: 'string' },
  'network-port': { type: 'string' },
  'public-origin': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
} as const;

export const NETWORK_USAGE = `  --listen network|this-computer
               whether other devices reach it, for this start (default: as chosen before)
  --network-port N
               serve other devices on port N (default: as before, or any free one)
  --public-origin URL
               where others reach it, e.g. https://studio.example behind a proxy
  --tls-cert FILE --tls-key FILE
               the certificate for other devices, PEM (default: one it makes itself)
`;

type Values = { [F in keyof typeof networkFlags]?: string | boolean | undefined };

/** Throws `bad-arguments`. */
export function readNetworkFlags(values: Values): NetworkFlags {
  return {
    listen: listenOf(values.listen),
    networkPort: portOf('--network-port', values['network-port']),
    publicOrigin: originOf(values['public-origin']),
    tls: tlsOf(values['tls-cert'], values['tls-key']),
  };
}

/** A port as the command line gives it; `undefined` where it does not. Throws `bad-arguments`. */
export function portOf(flag: string, text: string | boolean | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw badArguments(`${flag} must be a number from 0 to 65535, not "${text}".`);
}

function listenOf(text: string | boolean | undefined): Reach | undefined {
  if (text === undefined) return undefined;
  const reach = Reach.safeParse(text);
  if (reach.success) return reach.data;
  throw badArguments(`--listen must be network or this-computer, not "${text}".`);
}

function originOf(text: string | boolean | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (!url)
    throw badArguments(`--public-origin must be an address such as https://studio.example.`);
  if (url.protocol !== 'https:') {
    throw badArguments(
      '--public-origin must start with https: browsers give a camera to no other page on another device.',
    );
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    throw badArguments(`--public-origin must be no more than ${url.origin}.`);
  }
  return url.origin;
}

function tlsOf(
  cert: string | boolean | undefined,
  key: string | boolean | undefined,
): CertificateFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (typeof cert === 'string' && cert && typeof key === 'string' && key) {
    return { cert: resolve(cert), key: resolve(key) };
  }
  throw badArguments('--tls-cert and --tls-key go together, each with the name of a PEM file.');
}
