import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { RecorderStatus } from '../rooms/streaming.ts';
import { Compositor } from './compositor.ts';
import { Mixer } from './mixer.ts';
import { type ProgrammeSource, tilesOf, tracksOf } from './programme-sources.ts';
import { bestRecorderMimeType } from './recorder-format.ts';
import { type SliceFailure, SliceQueue } from './slice-queue.ts';
import { SliceRecorder } from './slice-recorder.ts';

export interface RoomRecorderOptions {
  bridge: Pick<Bridge, 'call'>;
  roomId: string;
  changed(status: RecorderStatus): void;
}

/** What runs while a recording does, from the participants' tracks to the slices. */
interface Chain {
  compositor: Compositor;
  mixer: Mixer;
  recorder: SliceRecorder;
  queue: SliceQueue;
}

/** Records a room: one picture and one sound, encoded once, slice by slice to main's disk. */
export class RoomRecorder {
  readonly #options: RoomRecorderOptions;
  #status: RecorderStatus = { state: 'off', writtenBytes: 0 };
  #chain: Chain | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<RecordingStatus | undefined> | undefined;

  constructor(options: RoomRecorderOptions) {
    this.#options = options;
  }

  /** Starts. Rejects with the reason, and then nothing is left running. */
  start(sources: readonly ProgrammeSource[]): Promise<void> {
    this.#starting = this.#start(sources);
    return this.#starting;
  }

  async #start(sources: readonly ProgrammeSource[]): Promise<void> {
    this.#set({ state: 'starting' });
    const mimeType = bestRecorderMimeType();
    if (!mimeType) {
      throw this.#refuse(new Error('This browser can not encode WebM video; use Chromium.'));
    }
    const { compositor, mixer } = this.#programme();
    try {
      await mixer.start();
      const { bridge, roomId } = this.#options;
      const { recordingId } = await bridge.call('recording.start', { roomId, mimeType });
      this.#chain = this.#record({ compositor, mixer }, recordingId, mimeType);
      this.update(sources);
      this.#chain.recorder.start();
      this.#set({ state: 'recording', recordingId });
    } catch (error) {
      compositor.stop();
      await mixer.stop();
      throw this.#refuse(error);
    }
  }

  /** Follows who is in the room, and what of them is to be seen and heard. */
  update(sources: readonly ProgrammeSource[]): void {
    this.#chain?.compositor.update(tilesOf(sources), tracksOf(sources, 'video'));
    this.#chain?.mixer.update(tracksOf(sources, 'audio'));
  }

  /**
   * Flushes the last slice and has main finish the replay. `undefined` where nothing was being
   * recorded. Rejects when main can't be reached; main then finishes by itself.
   */
  stop(): Promise<RecordingStatus | undefined> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<RecordingStatus | undefined> {
    // A start that failed has told why, and left nothing to stop.
    await this.#starting.catch(() => undefined);
    const chain = this.#chain;
    const { recordingId } = this.#status;
    if (!chain || recordingId === undefined || this.#status.state === 'failed') return undefined;
    this.#set({ state: 'stopping' });
    await chain.recorder.stop();
    await chain.queue.drained();
    // The last slices could not be written: the failure has been told, main finishes the rest.
    if (this.#chain !== chain) return undefined;
    this.#chain = undefined;
    const [status] = await Promise.all([
      this.#options.bridge.call('recording.stop', { recordingId }),
      this.#release(chain),
    ]);
    this.#set({ state: 'off' });
    return status;
  }

  #programme(): Pick<Chain, 'compositor' | 'mixer'> {
    const compositor = new Compositor((reason) => {
      void this.#fail(`The picture could not be composed (${reason}).`);
    });
    return { compositor, mixer: new Mixer() };
  }

  #record(
    programme: Pick<Chain, 'compositor' | 'mixer'>,
    recordingId: string,
    mimeType: string,
  ): Chain {
    const queue = new SliceQueue({
      append: async (seq, bytes) => {
        await this.#options.bridge.call('recording.append', { recordingId, seq, bytes });
      },
      written: (writtenBytes) => this.#set({ writtenBytes }),
      failed: (failure) => void this.#fail(sentenceOf(failure)),
    });
    const stream = new MediaStream([programme.compositor.track, programme.mixer.track]);
    const recorder = new SliceRecorder(stream, mimeType, {
      slice: (slice) => queue.push(slice),
      failed: (reason) => void this.#fail(reason),
    });
    return { ...programme, recorder, queue };
  }

  /** Gives up: what was written is kept and finished by main, and everybody is told why. */
  async #fail(reason: string): Promise<void> {
    const chain = this.#chain;
    const { recordingId } = this.#status;
    if (!chain || recordingId === undefined) return;
    this.#chain = undefined;
    const problem = `${reason} Everything recorded until then is kept.`;
    this.#set({ state: 'failed', problem });
    await chain.recorder.stop();
    await chain.queue.drained();
    await this.#release(chain);
    try {
      await this.#options.bridge.call('recording.fail', {
        recordingId,
        reason: problem.slice(0, 500),
      });
    } catch (error) {
      // Main finishes the recordings of a window it can't hear any more.
      console.error('Main could not be told that the recording failed.', error);
    }
  }

  async #release({ compositor, mixer }: Chain): Promise<void> {
    compositor.stop();
    await mixer.stop();
  }

  #refuse(error: unknown): Error {
    const cause = error instanceof Error ? error : new Error(String(error));
    this.#set({ state: 'failed', problem: cause.message });
    return cause;
  }

  #set(change: Partial<RecorderStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.changed(this.#status);
  }
}

function sentenceOf(failure: SliceFailure): string {
  if (failure.kind === 'overflow') {
    return 'The disk does not keep up with the recording, so it was stopped.';
  }
  const { error } = failure;
  return `The recording could not be written: ${error instanceof Error ? error.message : error}`;
}
