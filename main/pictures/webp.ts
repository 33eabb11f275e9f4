import { PICTURE_WIDTHS, type PictureWidth } from '../../protocol/assets.ts';
import { throughFfmpeg } from './ffmpeg-pipe.ts';
import { FILL_FRAME, PICTURE_SIZE, RAW_PICTURE_BYTES, type RawPicture } from './picture.ts';

/** What the encoder is asked for: hardly to be told from the original on a card. */
const QUALITY = 82;
const MAX_WEBP_BYTES = 2 * 1024 * 1024;
/** A photograph of a telephone has 12 million; what unpacks to more is no thumbnail. */
const MAX_PIXELS = 40_000_000;

interface Run {
  ffmpegPath: string;
  signal: AbortSignal;
}

/** Encodes a picture in each of its widths. */
export async function encodeWebp(
  run: Run,
  picture: RawPicture,
): Promise<Map<PictureWidth, Buffer>> {
  const encoded = new Map<PictureWidth, Buffer>();
  for (const width of PICTURE_WIDTHS) {
    encoded.set(
      width,
      await toWebp(run, picture, {
        ...{ size: PICTURE_SIZE, filter: `scale=${width}:-2:flags=lanczos` },
        ...{ quality: QUALITY, maxBytes: MAX_WEBP_BYTES },
      }),
    );
  }
  return encoded;
}

/**
 * Encodes one picture of any size. Throws ffmpeg's last words.
 *
 * @param raw three bytes (red, green, blue) for each pixel, row by row
 */
export function toWebp(
  run: Run,
  raw: Uint8Array,
  options: {
    size: { width: number; height: number };
    /** What is done to it before. */
    filter?: string;
    /** From 0 to 100. */
    quality: number;
    maxBytes: number;
  },
): Promise<Buffer> {
  const { size, filter, quality, maxBytes } = options;
  return throughFfmpeg({
    ...run,
    inputOptions: [
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
      ...['-s', `${size.width}x${size.height}`],
    ],
    input: [raw],
    outputOptions: [
      ...(filter === undefined ? [] : ['-vf', filter]),
      ...['-frames:v', '1', '-c:v', 'libwebp', '-quality', String(quality), '-f', 'webp'],
    ],
    maxOutputBytes: maxBytes,
  });
}

/** Kinds of pictures that are taken, by how their files begin, and ffmpeg's reader for each. */
const READERS = [
  { reader: 'png_pipe', begins: (b: Buffer) => b.subarray(0, 8).equals(PNG) },
  { reader: 'jpeg_pipe', begins: (b: Buffer) => b.subarray(0, 3).equals(JPEG) },
  {
    reader: 'webp_pipe',
    begins: (b: Buffer) =>
      b.toString('latin1', 0, 4) === 'RIFF' && b.toString('latin1', 8, 12) === 'WEBP',
  },
] as const;
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG = Buffer.from('ffd8ff', 'hex');

/**
 * Reads a PNG, JPEG or WebP that may come from anywhere into a plain picture: whatever else is in
 * the file stays behind. `undefined` where it is none of these; throws ffmpeg's last words where
 * it can't be decoded or has too many pixels.
 */
export async function decodePicture(run: Run, file: Buffer): Promise<RawPicture | undefined> {
  const kind = READERS.find(({ begins }) => begins(file));
  if (!kind) return undefined;
  const raw = await throughFfmpeg({
    ...run,
    // Nothing is guessed from the contents: some formats have ffmpeg open other addresses.
    inputOptions: ['-xerror', '-max_pixels', String(MAX_PIXELS), '-f', kind.reader],
    input: [file],
    outputOptions: ['-vf', FILL_FRAME, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    maxOutputBytes: RAW_PICTURE_BYTES,
  });
  if (raw.length !== RAW_PICTURE_BYTES) throw new Error('There is no picture in it.');
  return raw;
}
