import { openBytes, sealBytes } from '../storage/sealed-bytes.ts';
import type { OperatorSecret } from './operator-secret.ts';

/** Entries under one key: far below where random nonces of AES-GCM begin to repeat. */
const ENTRIES_PER_KEY = 2 ** 30;
/** Keys at hand; more than there are nodes. */
const KEPT_KEYS = 64;

/** Where an entry of a node's inbox is from and for whom, and its number among the sender's. */
export interface Envelope {
  from: string;
  to: string;
  n: number;
}

/**
 * Messages between nodes in the hands of Redis: AES-256-GCM under keys that are derived from the
 * operators' secret. Who reads Redis learns nothing of them; who writes there can't make one, nor
 * send one again to somebody else or under another number.
 */
export class MailCipher {
  readonly #secret: OperatorSecret;
  readonly #keys = new Map<string, Uint8Array>();

  constructor(secret: OperatorSecret) {
    this.#secret = secret;
  }

  seal(text: string, envelope: Envelope): string {
    const bytes = Buffer.from(text);
    return sealBytes(this.#keyFor(envelope), writtenOn(envelope), bytes).toString('base64url');
  }

  /** `undefined` for what no node sealed like that. */
  open(sealed: string, envelope: Envelope): string | undefined {
    try {
      const bytes = Buffer.from(sealed, 'base64url');
      return openBytes(this.#keyFor(envelope), writtenOn(envelope), bytes).toString();
    } catch {
      return undefined;
    }
  }

  #keyFor({ from, n }: Envelope): Uint8Array {
    const purpose = `mail:${from}:${Math.floor(n / ENTRIES_PER_KEY)}`;
    const known = this.#keys.get(purpose);
    if (known) return known;
    const key = this.#secret.keyFor(purpose);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size >= KEPT_KEYS && oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.set(purpose, key);
    return key;
  }
}

const writtenOn = ({ from, to, n }: Envelope) => JSON.stringify([from, to, n]);
