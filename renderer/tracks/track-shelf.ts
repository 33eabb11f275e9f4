import type { TrackDescription } from '../../protocol/tracks.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { SliceQueue } from '../media/slice-queue.ts';
import { retryAfterMs } from '../media/slice-retry.ts';

export interface TrackShelfOptions {
  bridge: Pick<Bridge, 'call'>;
  recordingId: string;
  /** Told with a reason when a track is not kept any more; others go on. */
  failed(reason: string): void;
}

/** The way of separate tracks' slices to main's disk, each track in an order of its own. */
export class TrackShelf {
  readonly #options: TrackShelfOptions;
  readonly #queues = new Map<string, SliceQueue>();
  readonly #ends: Promise<void>[] = [];

  constructor(options: TrackShelfOptions) {
    this.#options = options;
  }

  /**
   * Keeps the next slice of a track.
   *
   * @param describe what main is told of the track before its first slice
   */
  push(trackId: string, bytes: Uint8Array<ArrayBuffer>, describe: () => TrackDescription): void {
    const queue = this.#queues.get(trackId) ?? this.#begin(describe());
    queue.push(new Blob([bytes]));
  }

  /** No more slices will come of a track. */
  end(trackId: string): void {
    const queue = this.#queues.get(trackId);
    if (!queue) return;
    const { bridge, recordingId } = this.#options;
    const ended = queue
      .drained()
      .then(() => bridge.call('recording.endTrack', { recordingId, trackId }))
      // Main closes what is left open when the recording ends.
      .catch((error) => console.warn('A separate track could not be ended.', error))
      .finally(() => this.#queues.delete(trackId));
    this.#ends.push(ended);
  }

  /** Resolves when everything taken so far is on disk, or can't be brought there. */
  async drained(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.drained()));
    await Promise.all(this.#ends);
  }

  #begin(track: TrackDescription): SliceQueue {
    const { bridge, recordingId, failed } = this.#options;
    const { trackId } = track;
    let begun = false;
    const queue = new SliceQueue({
      append: async (seq, bytes) => {
        if (!begun) await bridge.call('recording.beginTrack', { recordingId, track });
        begun = true;
        await bridge.call('recording.appendTrack', { recordingId, trackId, seq, bytes });
      },
      retryAfterMs,
      written: () => undefined,
      failed: ({ error }) =>
        failed(error instanceof Error ? error.message : 'the disk does not keep up'),
    });
    this.#queues.set(trackId, queue);
    return queue;
  }
}
