import { isTakeStart } from './take-splicer.ts';

/** Counts how long has been captured: from each take's first slice to its last, pauses left out. */
export class TakeClock {
  #formerMs = 0;
  #current: { firstMs: number; lastMs: number } | undefined;

  get capturedMs(): number {
    return this.#formerMs + (this.#current ? this.#current.lastMs - this.#current.firstMs : 0);
  }

  /** @param atMs when it came, in ms since the epoch */
  noteSlice(slice: Uint8Array, atMs: number): void {
    if (!this.#current || isTakeStart(slice)) {
      this.#formerMs = this.capturedMs;
      this.#current = { firstMs: atMs, lastMs: atMs };
    } else {
      this.#current.lastMs = Math.max(this.#current.lastMs, atMs);
    }
  }
}
