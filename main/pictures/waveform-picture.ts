import { createHash } from 'node:crypto';
import { plainMedia, type SealedMedia } from '../recording/export/plain-media.ts';
import { throughFfmpeg } from './ffmpeg-pipe.ts';
import { PICTURE_SIZE, RAW_PICTURE_BYTES, type RawPicture } from './picture.ts';

const BARS = 64;
/** Samples a second that the outline of a voice needs. */
const SAMPLE_RATE = 2_000;
/** Of the recording's beginning, by segments of some 2 s. */
const MAX_SEGMENTS = 60;

type Colour = readonly [number, number, number];
const NIGHT: Colour = [12, 15, 18];

/** How loud the beginning of a recording is, from 0 to 1, in {@link BARS} equal parts. */
export async function loudnessOf(
  run: { ffmpegPath: string; signal: AbortSignal },
  media: SealedMedia,
): Promise<number[]> {
  const segments = media.manifest.segments.slice(0, MAX_SEGMENTS);
  const samples = await throughFfmpeg({
    ...run,
    inputOptions: ['-f', 'mp4'],
    input: plainMedia({ ...media, manifest: { ...media.manifest, segments } }),
    outputOptions: ['-vn', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's8'],
    maxOutputBytes: 16 * 1024 * 1024,
  });
  const each = Math.max(1, Math.floor(samples.length / BARS));
  const loud = Array.from({ length: BARS }, (_, bar) => {
    let squares = 0;
    for (let at = bar * each; at < (bar + 1) * each; at += 1) {
      squares += (((samples[at] ?? 0) << 24) >> 24) ** 2;
    }
    return Math.sqrt(squares / each);
  });
  const loudest = Math.max(...loud, 1);
  return loud.map((value) => value / loudest);
}

/**
 * A picture of sound: bars as high as it is loud, in colours that follow from the room's id, the
 * same each time.
 *
 * @param loudness from 0 to 1
 */
export function drawWaveform(seed: string, loudness: readonly number[]): RawPicture {
  const { width, height } = PICTURE_SIZE;
  const [hue = 0, turn = 0, ...jitter] = createHash('sha256').update(seed).digest();
  // From the studio's own green to blue.
  const topHue = 150 + (hue / 255) * 50;
  const top = ofHue(topHue, 0.55, 0.72);
  const bottom = ofHue(topHue + 10 + (turn / 255) * 20, 0.6, 0.5);
  const picture = Buffer.alloc(RAW_PICTURE_BYTES);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const glow = Math.max(0, 1 - Math.hypot(x - width * 0.2, y) / (width * 0.9)) * 0.28;
      put(picture, x, y, mix(NIGHT, bottom, glow));
    }
  }
  const pitch = (width * 0.84) / loudness.length;
  const barWidth = Math.max(2, Math.round(pitch * 0.56));
  loudness.forEach((value, bar) => {
    // Silence is drawn as well, each bar a little different.
    const floor = 0.03 + ((jitter[bar % jitter.length] ?? 0) / 255) * 0.03;
    const half = (Math.max(value, floor) * height * 0.66) / 2;
    const left = Math.round(width * 0.08 + bar * pitch + (pitch - barWidth) / 2);
    drawBar(picture, { left, barWidth, half }, (y) => mix(top, bottom, y / height));
  });
  return picture;
}

function drawBar(
  picture: Buffer,
  bar: { left: number; barWidth: number; half: number },
  colourAt: (y: number) => Colour,
): void {
  const middle = PICTURE_SIZE.height / 2;
  const radius = bar.barWidth / 2;
  const half = Math.max(radius, bar.half);
  for (let y = Math.ceil(middle - half); y < middle + half; y += 1) {
    for (let x = bar.left; x < bar.left + bar.barWidth; x += 1) {
      // Round at both ends.
      const beyond = Math.abs(y + 0.5 - middle) - (half - radius);
      if (beyond > 0 && Math.hypot(beyond, x + 0.5 - bar.left - radius) > radius) continue;
      put(picture, x, y, colourAt(y));
    }
  }
}

function put(picture: Buffer, x: number, y: number, colour: Colour): void {
  const at = (y * PICTURE_SIZE.width + x) * 3;
  for (const [channel, value] of colour.entries()) picture[at + channel] = value;
}

function mix(a: Colour, b: Colour, share: number): Colour {
  const of = (channel: 0 | 1 | 2) => Math.round(a[channel] + (b[channel] - a[channel]) * share);
  return [of(0), of(1), of(2)];
}

/** A colour of the wheel (CSS Color 4, section 7.1). */
function ofHue(hue: number, saturation: number, lightness: number): Colour {
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    const chroma = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
