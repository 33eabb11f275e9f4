/**
 * Handles items one after the other, in order. As long as nothing has to be waited for, handling
 * is synchronous: relaying a signal costs no turn of the event loop.
 */
export class SerialInbox<T> {
  readonly #handle: (item: T) => Promise<void> | undefined;
  readonly #limit: number;
  #waiting: T[] = [];
  #isBusy = false;

  /** @param handle must not reject. @param limit how many items may wait. */
  constructor(handle: (item: T) => Promise<void> | undefined, limit: number) {
    this.#handle = handle;
    this.#limit = limit;
  }

  /** `false` when too many wait already; the item is dropped. */
  put(item: T): boolean {
    if (this.#waiting.length >= this.#limit) return false;
    this.#waiting.push(item);
    if (!this.#isBusy) this.#drain();
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = [];
  }

  #drain(): void {
    for (;;) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      const pending = this.#handle(item);
      if (!pending) continue;
      this.#isBusy = true;
      pending.finally(() => {
        this.#isBusy = false;
        this.#drain();
      });
      return;
    }
  }
}
