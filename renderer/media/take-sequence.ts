import { hostClockMs } from './host-clock.ts';
import type { ProgrammeSource } from './programme-sources.ts';
import { Take } from './take.ts';
import { takeRestartDelayMs } from './take-restart-policy.ts';

export interface TakeSequenceOptions {
  mimeType: string;
  /** Slices of all takes, one take after the other. */
  slice(slice: Blob): void;
  /**
   * When the take that is under way began is known better than {@link TakeSequence.started} told
   * until now; where nobody asks, it is not found out.
   */
  began?: ((started: StartedTake) => void) | undefined;
  /** A take broke and another one is begun, or delivers again. */
  restarting(now: boolean): void;
  /** No take works any more. What was delivered before stays. */
  failed(reason: string): void;
}

/** A moment of a recording. */
export interface TakePosition {
  /** Counts takes that have delivered something: main counts the same ones in its journal. */
  take: number;
  takeMs: number;
  /** From the recording's beginning, pauses left out. */
  atMs: number;
}

/** A take and when it began. */
export interface StartedTake {
  /** As {@link TakePosition} counts them. */
  take: number;
  /** ms since the epoch, on the host's clock. */
  takeStartedAtMs: number;
}

/** The takes of a recording: one after each pause, and another in place of one that broke. */
export class TakeSequence {
  readonly #options: TakeSequenceOptions;
  #sources: readonly ProgrammeSource[] = [];
  #take: Take | undefined;
  #wanted = false;
  #takeDelivers = false;
  #restart: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #failures = 0;
  /** Takes that delivered something and have ended, how long all and the last of them were. */
  #former = { count: 0, totalMs: 0, lastMs: 0 };

  constructor(options: TakeSequenceOptions) {
    this.#options = options;
  }

  get position(): TakePosition {
    const { count, totalMs, lastMs } = this.#former;
    if (this.#take) {
      const takeMs = this.#take.lengthMs;
      return { take: count, takeMs, atMs: totalMs + takeMs };
    }
    return { take: Math.max(0, count - 1), takeMs: lastMs, atMs: totalMs };
  }

  /** The take that is under way, or was last. */
  get started(): StartedTake {
    const { take, takeMs } = this.position;
    return { take, takeStartedAtMs: this.#take?.beganAtMs ?? hostClockMs() - takeMs };
  }

  /** Begins a take. Rejects with the reason, and then nothing is left running. */
  async begin(): Promise<void> {
    await this.#ending;
    this.#wanted = true;
    try {
      await this.#begin();
    } catch (error) {
      this.#wanted = false;
      throw error;
    }
  }

  /** Ends the take; resolves after its last slice was handed out. */
  async end(): Promise<void> {
    this.#wanted = false;
    await this.#restart;
    await this.#endTake();
  }

  /** Follows who is in the room, and what of them is to be seen and heard. */
  update(sources: readonly ProgrammeSource[]): void {
    this.#sources = sources;
    this.#take?.update(sources);
  }

  async #begin(): Promise<void> {
    let brokenBy: string | undefined;
    const { began } = this.#options;
    const take: Take = new Take(this.#options.mimeType, {
      slice: (slice) => {
        if (this.#take === take) this.#delivered();
        this.#options.slice(slice);
      },
      broken: (reason) => {
        brokenBy = reason;
        if (this.#take === take) this.#restart = this.#replace(reason);
      },
      began: began && (() => this.#take === take && began(this.started)),
    });
    try {
      await take.start(this.#sources);
      if (brokenBy !== undefined) throw new Error(brokenBy);
    } catch (error) {
      await take.stop();
      throw error;
    }
    this.#takeDelivers = false;
    this.#take = take;
  }

  #delivered(): void {
    if (this.#takeDelivers) return;
    this.#takeDelivers = true;
    if (this.#failures > 0) this.#options.restarting(false);
    this.#failures = 0;
  }

  #endTake(): Promise<void> {
    this.#ending ??= this.#finishTake().finally(() => {
      this.#ending = undefined;
    });
    return this.#ending;
  }

  async #finishTake(): Promise<void> {
    const take = this.#take;
    if (!take) return;
    await take.stop();
    this.#take = undefined;
    if (!this.#takeDelivers) return;
    const { count, totalMs } = this.#former;
    this.#former = {
      count: count + 1,
      totalMs: totalMs + take.lengthMs,
      lastMs: take.lengthMs,
    };
  }

  async #replace(reason: string): Promise<void> {
    console.warn('A take of the recording broke, another one is begun.', reason);
    this.#options.restarting(true);
    await this.#endTake();
    let latest = reason;
    while (this.#wanted && !this.#take) {
      const delayMs = takeRestartDelayMs(this.#failures);
      this.#failures += 1;
      if (delayMs === undefined) {
        this.#wanted = false;
        this.#options.failed(latest);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (!this.#wanted) return;
      await this.#begin().catch((error: unknown) => {
        latest = error instanceof Error ? error.message : String(error);
      });
    }
  }
}
