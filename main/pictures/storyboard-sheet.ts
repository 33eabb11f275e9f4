import { SHEET, TILE } from '../../protocol/storyboard-vtt.ts';
import { toWebp } from './webp.ts';

/** Small pictures that are seen for a moment. */
const QUALITY = 60;
const MAX_BYTES = 4 * 1024 * 1024;

/** Lays small pictures side by side, row by row, into one WebP. Throws ffmpeg's last words. */
export function storyboardSheet(
  run: { ffmpegPath: string; signal: AbortSignal },
  tiles: readonly Uint8Array[],
): Promise<Buffer> {
  const columns = Math.min(SHEET.columns, tiles.length);
  const rows = Math.ceil(tiles.length / SHEET.columns);
  const size = { width: columns * TILE.width, height: rows * TILE.height };
  const sheet = Buffer.alloc(size.width * size.height * 3);
  const tileRowBytes = TILE.width * 3;
  for (const [index, tile] of tiles.entries()) {
    const left = (index % SHEET.columns) * tileRowBytes;
    const top = Math.floor(index / SHEET.columns) * TILE.height;
    for (let y = 0; y < TILE.height; y += 1) {
      const row = tile.subarray(y * tileRowBytes, (y + 1) * tileRowBytes);
      sheet.set(row, (top + y) * size.width * 3 + left);
    }
  }
  return toWebp(run, sheet, { size, quality: QUALITY, maxBytes: MAX_BYTES });
}
