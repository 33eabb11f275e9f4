/** Chromium (156) gives the first frames of sound timestamps of another origin than all later ones. */
export const UNSETTLED_FRAMES = 4;

/** A source whose timestamps jump by more than this has begun to count anew. */
const ANEW_MS = 10_000;

/**
 * When the frames of one of this window's own sources were captured, on the host's clock. Frames
 * carry timestamps of an unknown origin and are read some time after their capture, on a busy
 * machine much later: the shortest such delay tells the origin best.
 */
export class SourceClock {
  #frames = 0;
  #leastLagMs: number | undefined;
  #lastUs = Number.NEGATIVE_INFINITY;

  /**
   * To be told of every frame. `undefined` while the timestamps have not settled.
   *
   * @param timestampUs the frame's own, in microseconds
   * @param nowMs the host's clock
   */
  capturedAtMs(timestampUs: number, nowMs: number): number | undefined {
    this.#frames += 1;
    // Another origin, and not a frame that was captured before the one before.
    if (timestampUs < this.#lastUs) this.#leastLagMs = undefined;
    this.#lastUs = timestampUs;
    if (this.#frames <= UNSETTLED_FRAMES) return undefined;
    const lagMs = nowMs - timestampUs / 1000;
    const least = this.#leastLagMs ?? lagMs;
    this.#leastLagMs = Math.abs(lagMs - least) > ANEW_MS ? lagMs : Math.min(least, lagMs);
    return timestampUs / 1000 + this.#leastLagMs;
  }
}
