/** How long to wait between tries. */
export interface RetryPolicy {
  /** Milliseconds before try `attempt` (0 is the first after the loss). */
  delayMs(attempt: number): number;
}

/**
 * Exponential backoff with jitter. The jitter takes up to half off, so that many clients of a
 * restarted node don't come back in step, while no wait is shorter than half of its step.
 *
 * @param random in [0, 1)
 */
export function exponentialBackoff(options: {
  firstMs: number;
  maxMs: number;
  random?: () => number;
}): RetryPolicy {
  const random = options.random ?? Math.random;
  return {
    delayMs(attempt) {
      const stepMs = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 30));
      return stepMs * (1 - random() / 2);
    },
  };
}

/** The socket to the node: 30 s at most between tries (protocol, "Life of a room"). */
export const reconnectDelay: RetryPolicy = exponentialBackoff({ firstMs: 500, maxMs: 30_000 });

/** A media connection that failed and is made anew: quicker, because the person sees it. */
export const rebuildDelay: RetryPolicy = exponentialBackoff({ firstMs: 300, maxMs: 15_000 });
