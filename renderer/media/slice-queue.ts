import { MAX_SLICE_BYTES } from '../../preload/contract.ts';

/**
 * Slices that wait for the disk: at 0.4 s each, 36 ride out 14 s with about 5 MB in memory. A disk
 * that stays behind or full for longer does not take the recording at all.
 */
export const MAX_WAITING_SLICES = 36;

/** Why no more slices are taken; an overflow has the refusal it waited out, if there was one. */
export type SliceFailure =
  | { kind: 'overflow'; error?: unknown }
  | { kind: 'refused'; error: unknown };

export interface SliceQueueOptions {
  /** Resolves once the bytes are safe. `seq` counts 0, 1, 2, … without gaps. */
  append(seq: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** When to hand in a refused slice again; `undefined` for a refusal that is final. */
  retryAfterMs?(error: unknown): number | undefined;
  /** After each append, with all bytes that are safe so far. */
  written(totalBytes: number): void;
  /** Told once. What was appended before stays. */
  failed(failure: SliceFailure): void;
  maxWaiting?: number;
  maxBytes?: number;
}

/** Hands a recorder's slices to the disk one after the other, and never keeps many of them. */
export class SliceQueue {
  readonly #options: SliceQueueOptions;
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #seq = 0;
  #writtenBytes = 0;
  #failed = false;
  /** After a refusal nothing may follow: it would leave a gap. */
  #refused = false;
  /** What the slice that is being handed in was refused for last. */
  #refusal: unknown;

  constructor(options: SliceQueueOptions) {
    this.#options = options;
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Takes a slice; empty ones are skipped, and all after a failure. */
  push(slice: Blob): void {
    if (this.#failed || slice.size === 0) return;
    if (this.#waiting >= (this.#options.maxWaiting ?? MAX_WAITING_SLICES)) {
      this.#fail({ kind: 'overflow', error: this.#refusal });
      return;
    }
    this.#waiting++;
    this.#tail = this.#tail.then(() => this.#write(slice));
  }

  /** Resolves when everything taken so far is safe, or nothing more can be made safe. */
  drained(): Promise<void> {
    return this.#tail;
  }

  async #write(slice: Blob): Promise<void> {
    try {
      if (!this.#refused) await this.#append(slice);
    } catch (error) {
      this.#refused = true;
      this.#fail({ kind: 'refused', error });
    } finally {
      this.#waiting--;
    }
  }

  /** After a stall of the whole page one slice can be larger than the contract takes at once. */
  async #append(slice: Blob): Promise<void> {
    const maxBytes = this.#options.maxBytes ?? MAX_SLICE_BYTES;
    for (let offset = 0; offset < slice.size; offset += maxBytes) {
      const bytes = new Uint8Array(await slice.slice(offset, offset + maxBytes).arrayBuffer());
      await this.#handIn(bytes);
      this.#seq++;
      this.#writtenBytes += bytes.length;
      this.#options.written(this.#writtenBytes);
    }
  }

  async #handIn(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (;;) {
      try {
        await this.#options.append(this.#seq, bytes);
        this.#refusal = undefined;
        return;
      } catch (error) {
        const delayMs = this.#options.retryAfterMs?.(error);
        if (delayMs === undefined || this.#failed) throw error;
        this.#refusal = error;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
  }

  #fail(failure: SliceFailure): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.failed(failure);
  }
}
