import type { Chapter } from './recordings.ts';

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
