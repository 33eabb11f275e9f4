/** How long somebody who let us down once is left alone; twice as long after each further time. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Whether another viewer's word is worth waiting for. Being slow breaks no rule, so nobody is closed
 * for it; but who says that it has everything and sends nothing must not hold us up again and again.
 */
export class Reliability {
  readonly #now: () => number;
  #missed = 0;
  #untilMs = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isReliable(): boolean {
    return this.#now() >= this.#untilMs;
  }

  /** It did what it said. One kept word makes up for one that was not, not for all of them. */
  kept(): void {
    this.#missed = Math.max(0, this.#missed - 1);
  }

  /** It was waited for in vain. */
  missed(): void {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#missed, LONGEST_PAUSE_MS);
    this.#untilMs = this.#now() + pauseMs;
    this.#missed += 1;
  }
}
