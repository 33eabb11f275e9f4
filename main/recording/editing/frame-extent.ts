import type { TimedFrame } from '../tracks/timed-frames.ts';
import type { Gap } from './render-options.ts';

/** Stretches without a frame that are longer than this are gaps, not a low frame rate. */
const GAP_MS = 2_000;

/** From when to when frames are there, and where none are in between. */
export interface FrameExtent {
  frames: number;
  /** ms from the programme's start. */
  firstMs: number;
  lastMs: number;
  gaps: Gap[];
}

/** Reads frames to their end. `undefined` where there are none. */
export async function extentOf(
  frames: AsyncIterable<TimedFrame>,
): Promise<FrameExtent | undefined> {
  let extent: FrameExtent | undefined;
  for await (const { programmeMs } of frames) {
    extent ??= { frames: 0, firstMs: programmeMs, lastMs: programmeMs, gaps: [] };
    if (programmeMs - extent.lastMs > GAP_MS) {
      extent.gaps.push({ fromMs: extent.lastMs, toMs: programmeMs });
    }
    extent.frames += 1;
    extent.lastMs = programmeMs;
  }
  return extent;
}
