/// <reference path="../ambient/insertable-streams.d.ts" />
import type { CompositorCommand, CompositorReport, PictureFormat } from './compositor-messages.ts';
import { diffTracks, type TileSpec, type TrackSource } from './programme-sources.ts';
import { rawPictures } from './raw-frames.ts';

/** What a replay looks like unless told otherwise. */
export const DEFAULT_FORMAT: PictureFormat = { width: 1280, height: 720, framesPerSecond: 30 };

export interface CompositorListener {
  /** The picture can't go on. */
  failed(reason: string): void;
  /**
   * Pictures are being composed; told about twice a second.
   *
   * @param atMs when each was since it was last told, in ms since the epoch
   */
  painted(atMs: readonly number[]): void;
}

/**
 * The room as one picture. Cameras' frames go straight to a worker, which paints and writes them
 * into `track`; the window's main thread sees none of them.
 */
export class Compositor {
  /** The composed picture. */
  readonly track: MediaStreamTrack;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #format: PictureFormat;
  readonly #writable: WritableStream<VideoFrame>;
  readonly #tracks = new Map<string, MediaStreamTrack>();

  constructor(listener: CompositorListener, format: PictureFormat = DEFAULT_FORMAT) {
    const generator = new MediaStreamTrackGenerator({ kind: 'video' });
    this.track = generator;
    this.#format = format;
    this.#writable = generator.writable;
    this.#worker = new Worker(new URL('./compositor.worker.ts', import.meta.url), {
      type: 'module',
      name: 'compositor',
    });
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker.onerror = ({ message }) =>
      listener.failed(message || 'The compositor did not start.');
    this.#worker.postMessage(undefined, [port2]);
    this.#port.onmessage = ({ data }: MessageEvent<CompositorReport>) => this.#hear(data, listener);
  }

  /** Begins to compose; to be called once, before anything is shown. */
  start(): void {
    const [format, writable] = [this.#format, this.#writable];
    this.#tell({ type: 'start', format, writable }, [writable]);
  }

  /** Shows these tiles, fed by these cameras. */
  update(tiles: readonly TileSpec[], cameras: readonly TrackSource[]): void {
    const { remove, add } = diffTracks(this.#tracks, cameras);
    for (const id of remove) {
      this.#tracks.delete(id);
      this.#tell({ type: 'source-gone', id });
    }
    for (const { id, track } of add) {
      this.#tracks.set(id, track);
      const readable = rawPictures(track, 1);
      this.#tell({ type: 'source', id, readable }, [readable]);
    }
    this.#tell({ type: 'tiles', tiles });
  }

  /** Ends the picture; its track ends with it. */
  stop(): void {
    this.#tracks.clear();
    this.#tell({ type: 'stop' });
  }

  #hear(report: CompositorReport, listener: CompositorListener): void {
    if (report.type === 'painting') {
      listener.painted(report.paintedAtMs);
      return;
    }
    if (report.type === 'failed') listener.failed(report.message);
    this.#port.close();
    this.#worker.terminate();
    this.track.stop();
  }

  #tell(command: CompositorCommand, transfer: Transferable[] = []): void {
    this.#port.postMessage(command, transfer);
  }
}
