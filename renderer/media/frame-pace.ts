/** Pictures a second, from what was asked for down to what any machine manages. */
const STEPS = [1, 2 / 3, 1 / 2, 1 / 3] as const;

/** Pictures over which the pace is judged: two seconds at full speed. */
const WINDOW = 60;

/** More than this share of missed pictures and the machine can't keep the pace. */
const TOO_MANY_MISSED = 0.2;

/** So many good windows in a row before a faster pace is tried again. */
const GOOD_WINDOWS_TO_RISE = 8;

/**
 * Chooses how often a picture is composed. A machine that is busy with a call misses pictures;
 * composing fewer of them, evenly, looks better than a stutter and leaves time for the encoder.
 * Pure: told of each picture, it answers the interval until the next.
 */
export class FramePace {
  readonly #framesPerSecond: number;
  #step = 0;
  #due = 0;
  #missed = 0;
  #goodWindows = 0;

  constructor(framesPerSecond: number) {
    this.#framesPerSecond = framesPerSecond;
  }

  /** Milliseconds from one picture to the next. */
  get intervalMs(): number {
    return 1000 / (this.#framesPerSecond * (STEPS[this.#step] ?? 1));
  }

  /** Notes that a picture came, after `missed` others that were due and did not. */
  painted(missed: number): void {
    this.#due += missed + 1;
    this.#missed += missed;
    if (this.#due < WINDOW) return;
    this.#judge(this.#missed / this.#due);
    this.#due = 0;
    this.#missed = 0;
  }

  #judge(missedShare: number): void {
    if (missedShare > TOO_MANY_MISSED) {
      this.#goodWindows = 0;
      this.#step = Math.min(this.#step + 1, STEPS.length - 1);
      return;
    }
    this.#goodWindows++;
    if (this.#goodWindows < GOOD_WINDOWS_TO_RISE) return;
    this.#goodWindows = 0;
    this.#step = Math.max(this.#step - 1, 0);
  }
}
