import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SAMPLE_RATE = 8_000;
const LOUD = 0.1;
const BRIGHT = 128;

/** Flashes and beeps of a recording that belong together, and how far apart they are. */
export interface Skew {
  pairs: { atS: number; skewMs: number }[];
}

/**
 * Finds flashes and beeps in what a player would show, and pairs them.
 * `skewMs` is positive where the picture is late.
 *
 * @param periodS between two flashes: whatever is further apart than half of it is no pair
 */
export async function measureSkew(input: string, periodS: number): Promise<Skew> {
  const [flashes, beeps] = await Promise.all([flashTimes(input), beepTimes(input)]);
  const pairs = beeps.flatMap((beepS) => {
    const flashS = nearest(flashes, beepS);
    if (flashS === undefined || Math.abs(flashS - beepS) > periodS / 2) return [];
    return [{ atS: beepS, skewMs: (flashS - beepS) * 1000 }];
  });
  return { pairs };
}

function nearest(times: readonly number[], wantedS: number): number | undefined {
  let best: number | undefined;
  for (const timeS of times) {
    if (best === undefined || Math.abs(timeS - wantedS) < Math.abs(best - wantedS)) best = timeS;
  }
  return best;
}

/** When the picture turns bright, in s. */
async function flashTimes(input: string): Promise<number[]> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', input, '-map', '0:v', '-fps_mode', 'passthrough', '-copyts'],
      ...['-vf', 'scale=32:18,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-'],
      ...['-f', 'null', '-'],
    ],
    { maxBuffer: 1024 ** 3 },
  );
  const onsets: number[] = [];
  let atS = 0;
  let wasBright = true;
  for (const line of stdout.split('\n')) {
    const time = /pts_time:([\d.]+)/.exec(line)?.[1];
    if (time !== undefined) atS = Number(time);
    const luma = /YAVG=([\d.]+)/.exec(line)?.[1];
    if (luma === undefined) continue;
    const isBright = Number(luma) > BRIGHT;
    if (isBright && !wasBright) onsets.push(atS);
    wasBright = isBright;
  }
  return onsets;
}

/** When a tone begins, in s. */
async function beepTimes(input: string): Promise<number[]> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', input, '-map', '0:a', '-copyts'],
      // Sample n is due at n / rate, wherever the stream has gaps.
      ...['-af', `aresample=${SAMPLE_RATE}:async=1000:first_pts=0`],
      ...['-ac', '1', '-f', 's16le', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 2));
  const onsets: number[] = [];
  let quietFor = 0;
  for (const [index, sample] of samples.entries()) {
    if (Math.abs(sample) / 32_768 < LOUD) {
      quietFor += 1;
      continue;
    }
    if (quietFor > SAMPLE_RATE / 5) onsets.push(index / SAMPLE_RATE);
    quietFor = 0;
  }
  return onsets;
}
