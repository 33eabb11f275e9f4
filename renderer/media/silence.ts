/** How often the time is looked at, in ms. */
export const SILENCE_TICK_MS = 250;

/**
 * How long something that should come regularly has not come. Time in which this page itself was
 * held up counts for little: what came meanwhile may still wait to be heard.
 */
export class Silence {
  #silentMs = 0;
  #lastMs: number;

  /** @param nowMs as `performance.now()` */
  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  heard(): void {
    this.#silentMs = 0;
  }

  /** To be called every {@link SILENCE_TICK_MS}. @returns how long it has been silent, in ms */
  tick(nowMs: number): number {
    this.#silentMs += Math.min(nowMs - this.#lastMs, 2 * SILENCE_TICK_MS);
    this.#lastMs = nowMs;
    return this.#silentMs;
  }
}
