import type { Chapter } from '../../../protocol/recordings.ts';

/**
 * Title and chapters as ffmpeg reads them (ffmpeg-formats, "Metadata"). The chapters of an MP4
 * begin with the file, so what comes before the first marker is one that has the title.
 */
export function chapterMetadata(
  title: string,
  chapters: readonly Chapter[],
  durationMs: number,
): string {
  const [first] = chapters;
  const all = first && first.startMs > 0 ? [{ startMs: 0, title }, ...chapters] : chapters;
  const parts = all.flatMap((chapter, index) => {
    const endMs = all[index + 1]?.startMs ?? durationMs;
    if (endMs <= chapter.startMs) return [];
    return [
      '[CHAPTER]',
      'TIMEBASE=1/1000',
      `START=${chapter.startMs}`,
      `END=${Math.round(endMs)}`,
      `title=${escaped(chapter.title)}`,
    ];
  });
  return `${[';FFMETADATA1', `title=${escaped(title)}`, ...parts].join('\n')}\n`;
}

function escaped(text: string): string {
  const line = text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[=;#\\]/g, '\\$&');
  // ffmpeg takes a line that ends with a backslash for one that goes on, escaped or not.
  return line.endsWith('\\') ? `${line} ` : line;
}
