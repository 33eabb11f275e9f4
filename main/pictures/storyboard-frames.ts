import type { ManifestSegment } from '../../protocol/recordings.ts';
import { MAX_SHEETS, TILE, TILES_PER_SHEET } from '../../protocol/storyboard-vtt.ts';
import { plainMedia, type SealedMedia } from '../recording/export/plain-media.ts';
import { throughFfmpeg } from './ffmpeg-pipe.ts';
import { fillFrame } from './picture.ts';

const TILE_BYTES = TILE.width * TILE.height * 3;
/** The closest pictures stand to each other. */
const EVERY_MS = 4_000;
/**
 * Two keyframes closer than this are of one segment: a segment ends at the first keyframe that
 * comes 2 s or more after its beginning, and the next that is looked at begins 4 s later.
 */
const ONE_SEGMENT_S = 3;

/** A segment a storyboard shows the beginning of. */
export interface StoryboardSegment {
  segment: ManifestSegment;
  /** When it begins. */
  startMs: number;
}

/** Segments a storyboard is made of: evenly, every 4 s or more, however long the recording is. */
export function storyboardSegments(segments: readonly ManifestSegment[]): StoryboardSegment[] {
  const totalMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const everyMs = Math.max(EVERY_MS, Math.ceil(totalMs / (MAX_SHEETS * TILES_PER_SHEET)));
  const chosen: StoryboardSegment[] = [];
  let startMs = 0;
  let nextMs = 0;
  for (const segment of segments) {
    if (startMs >= nextMs) {
      chosen.push({ segment, startMs });
      nextMs = startMs + everyMs;
    }
    startMs += segment.durationMs;
  }
  return chosen;
}

/**
 * The first picture of each of these segments, small: three bytes (red, green, blue) a pixel.
 * Throws `recording-damaged`, ffmpeg's last words, and where there is not one picture for each.
 */
export async function storyboardFrames(
  run: { ffmpegPath: string; signal: AbortSignal },
  media: SealedMedia,
  chosen: readonly StoryboardSegment[],
): Promise<Uint8Array[]> {
  const segments = chosen.map(({ segment }) => segment);
  const apart = `isnan(prev_selected_t)+gte(t-prev_selected_t\\,${ONE_SEGMENT_S})`;
  const raw = await throughFfmpeg({
    ...run,
    inputOptions: ['-f', 'mp4', '-skip_frame', 'nokey'],
    input: plainMedia({ ...media, manifest: { ...media.manifest, segments } }),
    outputOptions: [
      ...['-an', '-vf', `select=${apart},${fillFrame(TILE)}`, '-fps_mode', 'passthrough'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    ],
    maxOutputBytes: (chosen.length + 1) * TILE_BYTES,
  });
  const count = raw.length / TILE_BYTES;
  // A picture too many or too few would put all that follow at the wrong time.
  if (count !== chosen.length) {
    throw new Error(`${chosen.length} segments have ${count} pictures to show.`);
  }
  return Array.from({ length: count }, (_, index) =>
    raw.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES),
  );
}
