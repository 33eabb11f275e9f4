import type { Chapter } from '../../protocol/recordings.ts';

/** A player that was sent to a moment says that it is a little before it. */
const TOLERANCE_MS = 50;

/** Which chapter plays at a moment; `undefined` before the first. @param atMs from the beginning */
export function chapterAt(chapters: readonly Chapter[], atMs: number): number | undefined {
  const index = chapters.findLastIndex(({ startMs }) => startMs <= atMs + TOLERANCE_MS);
  return index < 0 ? undefined : index;
}
