import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OperatorSecret } from './operator-secret.ts';

/** Bytes kept of each code: nobody can try 2^128. */
const MAC_BYTES = 16;

/**
 * Lets nodes tell a room's row that another node wrote from what anybody else put into Redis:
 * HMAC-SHA-256 under a key that is derived from the operators' secret.
 */
export class ClusterMac {
  readonly #key: Uint8Array;

  constructor(secret: OperatorSecret) {
    this.#key = secret.keyFor('row-code');
  }

  /** The code of some texts in their order. */
  of(...parts: readonly string[]): string {
    return this.#code(parts).toString('base64url');
  }

  matches(code: string, ...parts: readonly string[]): boolean {
    const given = Buffer.from(code, 'base64url');
    return given.length === MAC_BYTES && timingSafeEqual(given, this.#code(parts));
  }

  #code(parts: readonly string[]): Buffer {
    const mac = createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest();
    return mac.subarray(0, MAC_BYTES);
  }
}
