import type { Chapter } from '../../protocol/recordings.ts';

/** Which chapter plays at a moment; `undefined` before the first. @param atMs from the beginning */
export function chapterAt(chapters: readonly Chapter[], atMs: number): number | undefined {
  const index = chapters.findLastIndex(({ startMs }) => startMs <= atMs);
  return index < 0 ? undefined : index;
}
