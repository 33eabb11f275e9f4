/// <reference path="../ambient/insertable-streams.d.ts" />

/** Slices are at most half a second: measured, they come up to 60 ms later than asked for. */
const SLICE_MS = 400;

/** As in the published segments: one can be cut wherever a keyframe is. */
const KEYFRAME_INTERVAL_MS = 2_000;

const BITRATES = { videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 128_000 } as const;

export interface SliceListener {
  /** The next piece of the WebM stream; joined together they are the file. */
  slice(slice: Blob): void;
  /** The encoder ended though nobody stopped it. No more slices will come. */
  failed(reason: string): void;
}

/** Encodes once, as WebM, and hands the bytes out while it goes on. */
export class SliceRecorder {
  readonly #recorder: MediaRecorder;
  readonly #stopped: Promise<void>;
  #stopping = false;

  constructor(stream: MediaStream, mimeType: string, listener: SliceListener) {
    const recorder = new MediaRecorder(stream, {
      mimeType,
      ...BITRATES,
      videoKeyFrameIntervalDuration: KEYFRAME_INTERVAL_MS,
    });
    let reason = 'The encoder stopped by itself because a track of the programme ended.';
    recorder.onstart = () => performance.mark('swarm:recorder-started');
    recorder.ondataavailable = ({ data }) => listener.slice(data);
    recorder.onerror = (event) => {
      const { error } = event as Event & { error?: DOMException };
      reason = `The encoder failed: ${error?.message || 'it gave no reason'}.`;
    };
    this.#stopped = new Promise((resolve) => {
      recorder.onstop = () => {
        performance.mark('swarm:recorder-stopped');
        resolve();
        if (!this.#stopping) listener.failed(reason);
      };
    });
    this.#recorder = recorder;
  }

  start(): void {
    this.#recorder.start(SLICE_MS);
  }

  /** Ends the stream; resolves after the last slice was handed out. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#recorder.state === 'inactive') return;
    this.#recorder.stop();
    await this.#stopped;
  }
}
