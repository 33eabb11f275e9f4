import type { Chapter } from './recordings.ts';
import { vttTimestamp } from './vtt-timestamp.ts';

/** Chapters as a player's text track (WebVTT, W3C, section 5: chapter cues). */
export function renderChapters(chapters: readonly Chapter[], durationMs: number): string {
  const cues = chapters.flatMap(({ startMs, title }, index) => {
    const endMs = Math.round(chapters[index + 1]?.startMs ?? durationMs);
    if (endMs <= startMs) return [];
    return [`${vttTimestamp(startMs)} --> ${vttTimestamp(endMs)}\n${escaped(title)}`];
  });
  return `${['WEBVTT', ...cues].join('\n\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
