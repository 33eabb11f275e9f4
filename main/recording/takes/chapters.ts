import type { Chapter } from '../../../protocol/recordings.ts';

/** Name of the chapters among a replay's addresses. */
export const CHAPTERS_NAME = 'chapters.vtt';

/** A moment that was marked while the recording ran. */
export interface Marker {
  markerId: number;
  /** Which of the recorder's takes it was in, and how far into it. */
  take: number;
  takeMs: number;
  label: string | undefined;
}

/**
 * Where marked moments are in the replay, in its order. What was paused is cut out, so a take
 * begins where the one before it ended.
 *
 * @param takeStartsMs where each take begins in the replay
 */
export function chaptersOf(
  markers: readonly Marker[],
  takeStartsMs: readonly number[],
  durationMs: number,
): (Chapter & { markerId: number })[] {
  return markers
    .map(({ markerId, take, takeMs, label }, index) => {
      const endMs = takeStartsMs[take + 1] ?? durationMs;
      const startMs = (takeStartsMs[take] ?? durationMs) + takeMs;
      return {
        markerId,
        startMs: Math.round(Math.max(0, Math.min(startMs, endMs, durationMs))),
        title: label ?? `Marker ${index + 1}`,
      };
    })
    .sort((a, b) => a.startMs - b.startMs || a.markerId - b.markerId);
}
