import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { RecorderStatus } from '../rooms/streaming.ts';
import type { TrackRecorder } from '../tracks/track-recorder.ts';
import type { ProgrammeSource } from './programme-sources.ts';
import { bestRecorderMimeType } from './recorder-format.ts';
import { type SliceFailure, SliceQueue } from './slice-queue.ts';
import { retryAfterMs } from './slice-retry.ts';
import { type StartedTake, type TakePosition, TakeSequence } from './take-sequence.ts';

export interface RoomRecorderOptions {
  bridge: Pick<Bridge, 'call'>;
  roomId: string;
  changed(status: RecorderStatus): void;
  /** Keeps the participants' separate tracks beside the programme; absent where nobody wants them. */
  tracks?: (programme: StartedProgramme) => TrackRecorder;
}

/** A programme that has begun, as its separate tracks need to know it. */
export interface StartedProgramme {
  recordingId: string;
  take: StartedTake;
}

/** What runs while a recording does: takes, and the way of their slices to main's disk. */
interface Running {
  recordingId: string;
  takes: TakeSequence;
  queue: SliceQueue;
  tracks: TrackRecorder | undefined;
}

/** Records a room: one picture and one sound, encoded once, slice by slice to main's disk. */
export class RoomRecorder {
  readonly #options: RoomRecorderOptions;
  #status: RecorderStatus = { state: 'off', writtenBytes: 0 };
  #sources: readonly ProgrammeSource[] = [];
  #running: Running | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<RecordingStatus | undefined> | undefined;

  constructor(options: RoomRecorderOptions) {
    this.#options = options;
  }

  /** Starts. Rejects with the reason, and then nothing is left running. */
  start(sources: readonly ProgrammeSource[]): Promise<void> {
    this.#sources = sources;
    this.#starting = this.#start().catch((error: unknown) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.#set({ state: 'failed', problem: cause.message });
      throw cause;
    });
    return this.#starting;
  }

  /** Follows who is in the room, and what of them is to be seen and heard. */
  update(sources: readonly ProgrammeSource[]): void {
    this.#sources = sources;
    this.#running?.takes.update(sources);
    this.#running?.tracks?.update(sources);
  }

  /** Where the recording is now; `undefined` while there is none. */
  get position(): (TakePosition & { recordingId: string }) | undefined {
    const running = this.#running;
    return running && { ...running.takes.position, recordingId: running.recordingId };
  }

  /**
   * Leaves out what comes from now on, or goes on. Rejects with the reason, and then it is as it
   * was.
   */
  async setPaused(paused: boolean): Promise<void> {
    const running = this.#running;
    if (!running || paused === (this.#status.state === 'paused')) return;
    const { recordingId, takes, queue, tracks } = running;
    const { bridge } = this.#options;
    if (paused) {
      await bridge.call('recording.pause', { recordingId, paused });
      this.#set({ state: 'paused' });
      tracks?.pause();
      await takes.end();
      await queue.drained();
    } else {
      await takes.begin();
      try {
        await bridge.call('recording.pause', { recordingId, paused });
      } catch (error) {
        await takes.end();
        throw error;
      }
      tracks?.resume(takes.started);
      this.#set({ state: 'recording' });
    }
  }

  /**
   * Flushes the last slice and has main finish the replay. `undefined` where nothing was being
   * recorded. Rejects when main can't be reached; main then finishes by itself.
   */
  stop(): Promise<RecordingStatus | undefined> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    this.#set({ state: 'starting' });
    const mimeType = bestRecorderMimeType();
    if (!mimeType) throw new Error('This browser can not encode WebM video; use Chromium.');
    const { bridge, roomId } = this.#options;
    const recordingId = Promise.withResolvers<string>();
    // Slices that wait for it hear of a refusal; so does whoever started.
    recordingId.promise.catch(() => undefined);
    const { takes, queue } = this.#record(recordingId.promise, mimeType);
    takes.update(this.#sources);
    // A browser that keeps the sound off says so here, before there is a recording.
    await takes.begin();
    try {
      const started = await bridge.call('recording.start', { roomId, mimeType });
      recordingId.resolve(started.recordingId);
      const tracks = this.#options.tracks?.({ ...started, take: takes.started });
      tracks?.update(this.#sources);
      this.#running = { ...started, takes, queue, tracks };
      this.#set({ state: 'recording', ...started });
    } catch (error) {
      recordingId.reject(error);
      await takes.end();
      throw error;
    }
  }

  async #stop(): Promise<RecordingStatus | undefined> {
    // A start that failed has told why, and left nothing to stop.
    await this.#starting.catch(() => undefined);
    const running = this.#running;
    if (!running) return undefined;
    this.#set({ state: 'stopping' });
    await Promise.all([running.takes.end(), running.tracks?.stop()]);
    await running.queue.drained();
    // The last slices could not be written: the failure has been told, main finishes the rest.
    if (this.#running !== running) return undefined;
    this.#running = undefined;
    const { recordingId } = running;
    const status = await this.#options.bridge.call('recording.stop', { recordingId });
    this.#set({ state: 'off' });
    return status;
  }

  /** @param recordingId what slices wait for: the first come before main has answered */
  #record(recordingId: Promise<string>, mimeType: string): Pick<Running, 'takes' | 'queue'> {
    const { bridge } = this.#options;
    const queue = new SliceQueue({
      append: async (seq, bytes) => {
        await bridge.call('recording.append', { recordingId: await recordingId, seq, bytes });
      },
      retryAfterMs,
      written: (writtenBytes) => this.#set({ writtenBytes }),
      failed: (failure) => void this.#refused(failure),
    });
    const takes = new TakeSequence({
      mimeType,
      slice: (slice) => queue.push(slice),
      began: this.#options.tracks && ((take) => this.#running?.tracks?.takeBegan(take)),
      restarting: (restarting) => this.#restarting(restarting),
      failed: (reason) => void this.#fail(reason),
    });
    return { takes, queue };
  }

  #restarting(restarting: boolean): void {
    const { state, recordingId } = this.#status;
    if (recordingId === undefined || (state !== 'recording' && state !== 'restarting')) return;
    this.#set({ state: restarting ? 'restarting' : 'recording' });
    if (restarting) this.#running?.tracks?.pause();
    else this.#running?.tracks?.resume(this.#running.takes.started);
    this.#options.bridge
      .call('recording.restarting', { recordingId, restarting })
      .catch((error) => console.warn('Main could not be told of the restart.', error));
  }

  async #refused(failure: SliceFailure): Promise<void> {
    if (!endedByMain(failure)) return this.#fail(sentenceOf(failure));
    // Main had a reason and has told the room.
    const running = this.#running;
    this.#running = undefined;
    await Promise.all([running?.takes.end(), running?.tracks?.stop()]);
    this.#set({ state: 'off' });
  }

  /** Gives up: what was written is kept and finished by main, and everybody is told why. */
  async #fail(reason: string): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    const problem = `${reason} Everything recorded until then is kept.`;
    this.#set({ state: 'failed', problem });
    await Promise.all([running.takes.end(), running.tracks?.stop()]);
    await running.queue.drained();
    try {
      await this.#options.bridge.call('recording.fail', {
        recordingId: running.recordingId,
        reason: problem.slice(0, 500),
      });
    } catch (error) {
      // Main finishes the recordings of a window it can't hear any more.
      console.error('Main could not be told that the recording failed.', error);
    }
  }

  #set(change: Partial<RecorderStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.changed(this.#status);
  }
}

function endedByMain({ error }: SliceFailure): boolean {
  return error instanceof ProtocolError && error.code === 'recording-not-found';
}

function sentenceOf({ kind, error }: SliceFailure): string {
  if (kind === 'overflow' && error === undefined) {
    return 'The disk does not keep up with the recording, so it was stopped.';
  }
  return `The recording could not be written: ${error instanceof Error ? error.message : error}`;
}
