import type { Logger } from 'pino';

/** Work that nobody waits for, one piece after the other; what fails is logged. */
export class BackgroundWork {
  readonly #closing = new AbortController();
  readonly #logger: Logger;
  readonly #failed: string;
  #work: Promise<void> = Promise.resolve();

  /** @param failed what the log says of a piece that failed */
  constructor(logger: Logger, failed: string) {
    this.#logger = logger;
    this.#failed = failed;
  }

  /** Aborts when the studio closes. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** @param context what the log says with it */
  add(context: Record<string, string>, piece: () => Promise<void>): void {
    const { signal } = this.#closing;
    this.#work = this.#work.then(async () => {
      if (signal.aborted) return;
      try {
        await piece();
      } catch (err) {
        if (!signal.aborted) this.#logger.warn({ err, ...context }, this.#failed);
      }
    });
  }

  /** Resolves when nothing is left to do. */
  async settled(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#work; await last) last = this.#work;
  }

  /** Aborts what runs, and begins nothing more. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The studio is closing.'));
    await this.#work;
  }
}
