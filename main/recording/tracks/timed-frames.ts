import type { FrameEntry, TrackEntry } from '../../../protocol/track-slice.ts';
import { TRACK_CLOCK_RATE } from '../../../protocol/tracks.ts';
import { programmeMs } from './programme-time.ts';
import type { LostEntry } from './read-track.ts';
import type { TrackSurvey } from './survey-track.ts';
import { TimestampUnwrapper } from './timestamp-unwrapper.ts';

/** An encoded frame in its place in the programme. */
export interface TimedFrame {
  /** ms from the programme's start, rising from frame to frame. */
  programmeMs: number;
  keyframe: boolean;
  width: number;
  height: number;
  data: Uint8Array;
}

type Waiting = { ticks: number; frame: FrameEntry | LostEntry };

/** A frame that was sent again comes after its successors, by a round trip or two. */
const REORDER_MS = 1_000;

/**
 * Puts a track's frames in their places: in the order in which they were made, each once, in the
 * programme's time. Pictures begin with a keyframe, and do so again after something was lost.
 */
export async function* timedFrames(
  entries: AsyncIterable<TrackEntry | LostEntry>,
  survey: Pick<TrackSurvey, 'description' | 'timeline' | 'clock'>,
): AsyncGenerator<TimedFrame> {
  const { description, timeline, clock } = survey;
  const isVideo = description.kind === 'video';
  let needsKeyframe = isVideo;
  let last = { ticks: Number.NEGATIVE_INFINITY, atMs: -1 };
  for await (const { ticks, frame } of inOrder(entries, TRACK_CLOCK_RATE[description.kind])) {
    if (frame.kind === 'lost') needsKeyframe = isVideo;
    else if (ticks > last.ticks && (frame.keyframe || !needsKeyframe)) {
      const atMs = programmeMs(timeline, clock.toHostMs(ticks));
      // Where a pause or a jump of the clock lays it over another: sound has no room there, but
      // later pictures need this one.
      if (atMs <= last.atMs && !isVideo) continue;
      needsKeyframe = false;
      last = { ticks, atMs: Math.max(atMs, last.atMs + 1) };
      const { keyframe, width, height, data } = frame;
      yield { programmeMs: last.atMs, keyframe, width, height, data };
    }
  }
}

async function* inOrder(
  entries: AsyncIterable<TrackEntry | LostEntry>,
  clockRate: number,
): AsyncGenerator<Waiting> {
  const unwrapper = new TimestampUnwrapper(clockRate);
  const reorderTicks = (REORDER_MS * clockRate) / 1000;
  let waiting: Waiting[] = [];
  for await (const entry of entries) {
    if (entry.kind === 'lost') {
      yield* waiting;
      waiting = [];
      yield { ticks: 0, frame: entry };
    } else if (entry.kind === 'played') {
      // As the survey did: a turn that was counted there is counted here.
      unwrapper.unwrap(entry.timestamp, entry.atMs);
    } else if (entry.kind === 'frame') {
      const ticks = unwrapper.unwrap(entry.timestamp, entry.atMs);
      const place = waiting.findLastIndex((known) => known.ticks <= ticks) + 1;
      waiting.splice(place, 0, { ticks, frame: entry });
      const due = (waiting.at(-1)?.ticks ?? 0) - reorderTicks;
      const ready = waiting.findIndex((known) => known.ticks > due);
      yield* waiting.splice(0, ready);
    }
  }
  yield* waiting;
}
