import { TRACK_CLOCK_RATE, type TrackDescription } from '../../../protocol/tracks.ts';
import { isStereoOpus } from './opus-packet.ts';
import type { ProgrammeTimeline, TakeStart } from './programme-time.ts';
import { type BegunTrack, type ReadingOptions, readTrack } from './read-track.ts';
import { TimestampUnwrapper } from './timestamp-unwrapper.ts';
import { type ClockPoint, fitTrackClock, type TrackClock } from './track-clock.ts';

/** What has to be known of a track before its frames can be put in their places. */
export interface TrackSurvey {
  description: TrackDescription;
  timeline: ProgrammeTimeline;
  clock: TrackClock;
  /** By which the clock was told: frames as they were played, or only as they came. */
  clockFrom: 'played' | 'received';
  frames: number;
  /** The largest picture, in pixels; 0 for sound. */
  width: number;
  height: number;
  /** Sound in two channels. */
  stereo: boolean;
  /** Slices that can't be read any more. */
  damagedSlices: number;
}

/** Frames' arrivals kept in memory, at most one in so many ms: 2 h are 72,000. */
const ARRIVAL_STEP_MS = 100;

/**
 * Reads a track from end to end. `undefined` where it has no frames.
 *
 * @param takeStartsMs where in the programme each take begins
 */
export async function surveyTrack(
  { file, description }: BegunTrack,
  takeStartsMs: readonly number[],
  options: ReadingOptions = {},
): Promise<TrackSurvey | undefined> {
  const clockRate = TRACK_CLOCK_RATE[description.kind];
  const unwrapper = new TimestampUnwrapper(clockRate);
  const played: ClockPoint[] = [];
  const arrivals: ClockPoint[] = [];
  const takes: [TakeStart, ...TakeStart[]] = [
    { take: description.take, atMs: description.takeStartedAtMs },
  ];
  const found = { frames: 0, width: 0, height: 0, stereo: false };
  const entries = readTrack(file, options);
  for (;;) {
    const next = await entries.next();
    if (next.done) {
      if (found.frames === 0) return undefined;
      const points = played.length > 0 ? played : arrivals;
      return {
        ...found,
        description,
        timeline: { takes, takeStartsMs },
        clock: fitTrackClock(points, arrivals, clockRate),
        clockFrom: played.length > 0 ? 'played' : 'received',
        damagedSlices: next.value.damagedSeqs.length,
      };
    }
    const entry = next.value;
    if (entry.kind === 'take') noteTake(takes, entry);
    else if (entry.kind === 'played') {
      const { timestamp, atMs } = entry;
      played.push({ ticks: unwrapper.unwrap(timestamp, atMs), atMs });
    } else if (entry.kind === 'frame') {
      const { timestamp, atMs } = entry;
      const ticks = unwrapper.unwrap(timestamp, atMs);
      if (atMs - (arrivals.at(-1)?.atMs ?? 0) >= ARRIVAL_STEP_MS) arrivals.push({ ticks, atMs });
      found.frames += 1;
      found.width = Math.max(found.width, entry.width);
      found.height = Math.max(found.height, entry.height);
      found.stereo ||= description.codec === 'opus' && isStereoOpus(entry.data);
    }
  }
}

/** What is said last of a take counts: when it began is known better a second into it. */
function noteTake(takes: [TakeStart, ...TakeStart[]], { take, atMs }: TakeStart): void {
  const known = takes.findIndex((start) => start.take === take);
  takes.splice(known < 0 ? takes.length : known, 1, { take, atMs });
}
