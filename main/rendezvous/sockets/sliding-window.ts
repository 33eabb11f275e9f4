/**
 * At most `limit` things in any `windowMs`: exact, in constant time and memory. It remembers when
 * the last `limit` things happened; the next may happen once the oldest of them is out of the
 * window.
 */
export class SlidingWindow {
  readonly #times: Float64Array;
  readonly #windowMs: number;
  #next = 0;

  constructor(limit: number, windowMs: number) {
    this.#times = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
    this.#windowMs = windowMs;
  }

  /** Whether one more would be over the limit now. */
  isFull(now: number): boolean {
    return now - (this.#times[this.#next] ?? 0) < this.#windowMs;
  }

  /** Counts one; `false` when it is over the limit, and then it is not counted. */
  take(now: number): boolean {
    if (this.isFull(now)) return false;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#times.length;
    return true;
  }
}
