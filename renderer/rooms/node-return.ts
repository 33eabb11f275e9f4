import type { RetryPolicy } from './reconnect-delay.ts';

/** Waits for a node that could not be reached: until somebody knows better, or it is time to ask. */
export class NodeReturn {
  readonly #retry: RetryPolicy;
  readonly #waiting = new Set<() => void>();

  constructor(retry: RetryPolicy) {
    this.#retry = retry;
  }

  /** Resolves when {@link now} is called, and after the policy's delay at the latest. */
  orSoon(attempt: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, this.#retry.delayMs(attempt));
      this.#waiting.add(done);
    });
  }

  /** It is worth asking at once. */
  now(): void {
    for (const done of [...this.#waiting]) done();
  }
}
