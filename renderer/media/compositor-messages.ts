import type { TileSpec } from './programme-sources.ts';

/** Size and pace of the composed picture. */
export interface PictureFormat {
  width: number;
  height: number;
  framesPerSecond: number;
}

/** What the window tells the compositor's worker. */
export type CompositorCommand =
  | { type: 'start'; format: PictureFormat; writable: WritableStream<VideoFrame> }
  | { type: 'tiles'; tiles: readonly TileSpec[] }
  /** Frames of a participant's camera, in place of any former ones. */
  | { type: 'source'; id: string; readable: ReadableStream<VideoFrame> }
  /** No more frames will come, or the former ones no longer count. */
  | { type: 'source-gone'; id: string }
  | { type: 'stop' };

/** What the worker tells the window. */
export type CompositorReport =
  /** Pictures are being composed; when each since the last report was, in ms since the epoch. */
  | { type: 'painting'; paintedAtMs: readonly number[] }
  /** The picture can't go on. */
  | { type: 'failed'; message: string }
  /** The last frame was written, the worker is done. */
  | { type: 'stopped' };
