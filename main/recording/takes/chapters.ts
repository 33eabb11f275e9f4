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

/** Chapters as a player's text track (WebVTT, W3C, section 5: chapter cues). */
export function renderChapters(chapters: readonly Chapter[], durationMs: number): string {
  const cues = chapters.flatMap(({ startMs, title }, index) => {
    const endMs = Math.round(chapters[index + 1]?.startMs ?? durationMs);
    if (endMs <= startMs) return [];
    return [`${timestamp(startMs)} --> ${timestamp(endMs)}\n${escaped(title)}`];
  });
  return `${['WEBVTT', ...cues].join('\n\n')}\n`;
}

/** `hh:mm:ss.ttt`. */
function timestamp(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = `${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${seconds}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
