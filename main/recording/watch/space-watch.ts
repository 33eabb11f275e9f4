import { stat, statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { SpaceForecast } from '../../../preload/contract.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { timeLeftWords } from '../../../protocol/recording-words.ts';
import type { Clock } from '../../clock.ts';
import type { RecordingTroubles } from './recording-troubles.ts';
import {
  drainPerSecond,
  type SpaceSample,
  timeLeftMs,
  USUAL_BYTES_PER_SECOND,
  withSample,
} from './space-forecast.ts';
import { storageProblem } from './storage-problem.ts';

/** When space is looked at, and what counts as short. */
export interface SpaceLimits {
  /** Left alone, so that a recording can be finished on a disk that fills up. */
  reserveBytes: number;
  /** With less time than this left people are warned, in ms. */
  warnMs: number;
  intervalMs: number;
}

export const SPACE_LIMITS: SpaceLimits = {
  reserveBytes: 256 * 1024 * 1024,
  warnMs: 10 * 60_000,
  intervalMs: 1_000,
};

/** A recording with less time than this ahead is not begun. */
const SHORTEST_RECORDING_MS = 60_000;

/** A recording that runs, as the watch needs it. */
export interface WatchedRecording {
  readonly journalPath: string;
  readonly bytesPerSecond: number | undefined;
  readonly troubles: RecordingTroubles;
}

export interface SpaceWatchOptions {
  /** Where recordings lie. */
  dir: string;
  limits: SpaceLimits;
  clock: Clock;
  logger: Logger;
  running: () => ReadonlyMap<string, WatchedRecording>;
  /** Told at each look while a recording has to end now, with a sentence that says why. */
  mustEnd: (recordingId: string, reason: string) => void;
}

/** Looks at the disk while recordings run: warns in time, and has them end while they still can. */
export class SpaceWatch {
  readonly #options: SpaceWatchOptions;
  #samples: SpaceSample[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: SpaceWatchOptions) {
    this.#options = options;
  }

  /** From now on recordings run. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), this.#options.limits.intervalMs);
  }

  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#samples = [];
  }

  /** How long the disk takes more. Throws `storage-unwritable` where it is gone. */
  async forecast(): Promise<SpaceForecast> {
    const freeBytes = await this.#freeBytes();
    return { freeBytes, timeLeftMs: this.#timeLeftMs(freeBytes) };
  }

  /** Throws `storage-full` where a recording would have to end as soon as it has begun. */
  async requireRoom(): Promise<void> {
    const { timeLeftMs } = await this.forecast();
    if (timeLeftMs >= SHORTEST_RECORDING_MS) return;
    throw new ProtocolError(
      'storage-full',
      `The disk that holds ${this.#options.dir} is almost full: there is not even space for a minute. Free some space, then record again.`,
    );
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#judge();
    } catch (error) {
      this.#options.logger.error({ err: error }, 'free space could not be looked at');
    } finally {
      this.#looking = false;
    }
  }

  async #judge(): Promise<void> {
    const { limits, clock, running, mustEnd } = this.#options;
    const freeBytes = await this.#freeBytes().catch((error: unknown) => {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    });
    if (freeBytes !== undefined) {
      this.#samples = withSample(this.#samples, { atMs: clock(), freeBytes });
    }
    for (const [recordingId, recording] of running()) {
      if (freeBytes === undefined || !(await exists(recording.journalPath))) {
        recording.troubles.raise('storage-unwritable');
        mustEnd(recordingId, `The folder of the recording is gone: ${this.#options.dir}.`);
      } else if (freeBytes < limits.reserveBytes) {
        mustEnd(
          recordingId,
          'The recording was stopped before the disk was full. All of it is kept.',
        );
      } else {
        this.#warn(recording, this.#timeLeftMs(freeBytes));
      }
    }
  }

  #warn({ troubles }: WatchedRecording, leftMs: number): void {
    if (leftMs >= this.#options.limits.warnMs) {
      troubles.clear('storage-low');
      return;
    }
    const words = timeLeftWords(leftMs);
    const sentence = `The host’s disk is filling up: ${words} can still be recorded. Then the recording stops, and all of it is kept.`;
    troubles.raise('storage-low', sentence);
  }

  #timeLeftMs(freeBytes: number): number {
    const { limits, running } = this.#options;
    const own = [...running().values()].map(
      (recording) => recording.bytesPerSecond ?? USUAL_BYTES_PER_SECOND,
    );
    const taken = own.length === 0 ? USUAL_BYTES_PER_SECOND : own.reduce((a, b) => a + b);
    const bytesPerSecond = Math.max(taken, drainPerSecond(this.#samples));
    return timeLeftMs({ freeBytes, reserveBytes: limits.reserveBytes, bytesPerSecond });
  }

  async #freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.#options.dir);
      return bavail * bsize;
    } catch (error) {
      throw storageProblem(error, this.#options.dir);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (storageProblem(error, path) instanceof ProtocolError) return false;
    throw error;
  }
}
