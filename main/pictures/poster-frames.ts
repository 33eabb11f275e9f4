import type { ManifestSegment } from '../../protocol/recordings.ts';
import { plainMedia, type SealedMedia } from '../recording/export/plain-media.ts';
import { throughFfmpeg } from './ffmpeg-pipe.ts';
import { FILL_FRAME, RAW_PICTURE_BYTES, type RawPicture } from './picture.ts';

const EVERY_MS = 10_000;
const FIRST_MS = 60_000;

/** Segments that begin nearest every 10 s of the first minute, each once. */
export function posterSegments(segments: readonly ManifestSegment[]): ManifestSegment[] {
  const chosen = new Set<ManifestSegment>();
  let startMs = 0;
  let nextMs = 0;
  for (const segment of segments) {
    if (startMs > FIRST_MS) break;
    if (startMs + segment.durationMs / 2 >= nextMs) {
      chosen.add(segment);
      nextMs += EVERY_MS;
    }
    startMs += segment.durationMs;
  }
  return [...chosen];
}

/**
 * A recording's pictures every 10 s of its first minute. Each segment begins with a keyframe, so a
 * segment and one decoded picture are all it takes. Throws `recording-damaged`, or ffmpeg's last
 * words.
 */
export async function posterFrames(
  run: { ffmpegPath: string; signal: AbortSignal },
  media: SealedMedia,
): Promise<RawPicture[]> {
  const segments = posterSegments(media.manifest.segments);
  const raw = await throughFfmpeg({
    ...run,
    inputOptions: ['-f', 'mp4', '-skip_frame', 'nokey'],
    input: plainMedia({ ...media, manifest: { ...media.manifest, segments } }),
    outputOptions: [
      ...['-an', '-vf', FILL_FRAME, '-fps_mode', 'passthrough', '-frames:v', '8'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    ],
    maxOutputBytes: 8 * RAW_PICTURE_BYTES,
  });
  return Array.from({ length: Math.floor(raw.length / RAW_PICTURE_BYTES) }, (_, index) =>
    raw.subarray(index * RAW_PICTURE_BYTES, (index + 1) * RAW_PICTURE_BYTES),
  );
}
