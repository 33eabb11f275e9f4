import { vttTimestamp } from './vtt-timestamp.ts';

/** Size of each picture of a storyboard, in pixels. */
export const TILE = { width: 192, height: 108 } as const;
/** Pictures side by side in a sheet, and rows in it at most. */
export const SHEET = { columns: 10, rows: 10 } as const;
export const TILES_PER_SHEET = SHEET.columns * SHEET.rows;
/** More sheets than this has no storyboard. */
export const MAX_SHEETS = 3;

/** Name of a sheet, relative to the storyboard. */
export function sheetPath(sheet: number): string {
  return `storyboard/${sheet}.webp`;
}

/**
 * A storyboard as a player's text track: WebVTT whose cues name a sheet and a part of it (Media
 * Fragments URI 1.0, section 4.2.2), as players have agreed on.
 *
 * @param startsMs when each picture was, in order
 */
export function renderStoryboard(startsMs: readonly number[], durationMs: number): string {
  const cues = startsMs.map((startMs, index) => {
    const endMs = startsMs[index + 1] ?? Math.max(durationMs, startMs + 1);
    const place = index % TILES_PER_SHEET;
    const x = (place % SHEET.columns) * TILE.width;
    const y = Math.floor(place / SHEET.columns) * TILE.height;
    const sheet = sheetPath(Math.floor(index / TILES_PER_SHEET));
    return [
      `${vttTimestamp(startMs)} --> ${vttTimestamp(endMs)}`,
      `${sheet}#xywh=${x},${y},${TILE.width},${TILE.height}`,
    ].join('\n');
  });
  return `${['WEBVTT', ...cues].join('\n\n')}\n`;
}
