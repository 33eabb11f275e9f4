const RANGE = 2 ** 32;

/**
 * Makes one rising count of RTP timestamps, which wrap around at 2^32 (RFC 3550, section 5.1).
 * Frames may come in another order than they were made in. Which turn a timestamp belongs to is
 * told by when it came, so that silence may last longer than half a turn.
 */
export class TimestampUnwrapper {
  readonly #clockRate: number;
  #last: { ticks: number; atMs: number } | undefined;

  /** @param clockRate ticks a second */
  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /**
   * @param timestamp 0 to 2^32 - 1
   * @param atMs when it came; any clock, to half a turn of the timestamps
   */
  unwrap(timestamp: number, atMs: number): number {
    const last = this.#last ?? { ticks: timestamp, atMs };
    const expected = last.ticks + ((atMs - last.atMs) * this.#clockRate) / 1000;
    const ticks = timestamp + Math.round((expected - timestamp) / RANGE) * RANGE;
    if (atMs >= last.atMs) this.#last = { ticks, atMs };
    return ticks;
  }
}
