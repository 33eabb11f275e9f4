import type { Clock } from '../../clock.ts';

/**
 * For how long after its last request a replay counts as watched. Players fetch a minute ahead;
 * somebody who paused it comes back.
 */
export const WATCHED_FOR_MS = 10 * 60_000;

/** Recordings that are in use and must not go away because of a date or a quota. */
export class Holds {
  readonly #clock: Clock;
  readonly #held = new Map<string, number>();
  readonly #watchedAt = new Map<string, number>();

  /** @param clock one that is never set, in milliseconds */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps a recording until the returned function is called. */
  take(recordingId: string): () => void {
    this.#held.set(recordingId, (this.#held.get(recordingId) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.#held.get(recordingId) ?? 1) - 1;
      if (left === 0) this.#held.delete(recordingId);
      else this.#held.set(recordingId, left);
    };
  }

  /** Something of its replay was asked for. */
  watched(recordingId: string): void {
    this.#watchedAt.set(recordingId, this.#clock());
  }

  /** A job works on it. */
  isTaken(recordingId: string): boolean {
    return this.#held.has(recordingId);
  }

  isHeld(recordingId: string): boolean {
    const watchedAt = this.#watchedAt.get(recordingId);
    if (watchedAt !== undefined && this.#clock() - watchedAt >= WATCHED_FOR_MS) {
      this.#watchedAt.delete(recordingId);
    }
    return this.#held.has(recordingId) || this.#watchedAt.has(recordingId);
  }
}
