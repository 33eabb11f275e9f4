/** Notices that somebody who was given work makes no progress. */
export class StallWatch {
  readonly #limitMs: number;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs how long no progress is taken for slow */
  constructor(limitMs: number, onStall: () => void) {
    this.#limitMs = limitMs;
    this.#onStall = onStall;
  }

  /** There is work: from now on, progress is expected. */
  expect(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(this.#onStall, this.#limitMs);
  }

  /** Something moved. */
  progress(): void {
    this.#timer?.refresh();
  }

  /** There is nothing to do: any silence is fine. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
