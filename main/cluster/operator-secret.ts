import { hkdfSync } from 'node:crypto';

/** What the operators gave to every node and Redis never sees: a key for each purpose (RFC 5869). */
export class OperatorSecret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** 32 bytes. */
  keyFor(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#text, 'swarm-cluster:v1', purpose, 32));
  }
}
