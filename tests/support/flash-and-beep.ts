import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CameraFiles } from './media-fixtures.ts';

const run = promisify(execFile);
const PLENTY = { maxBuffer: 1024 ** 3 };

/** Between two flashes, and between two beeps. */
export const PERIOD_S = 2;

/** A camera that flashes and a microphone that beeps for 200 ms every {@link PERIOD_S}. */
export async function makeFlashAndBeep(
  folder: string,
  name: string,
  hertz: number,
): Promise<CameraFiles> {
  const video = join(folder, `${name}.y4m`);
  const audio = join(folder, `${name}.wav`);
  const on = `lt(mod(t\\,${PERIOD_S})\\,0.2)`;
  await Promise.all([
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=black:s=640x360:r=30'],
      ...['-vf', `drawbox=t=fill:color=white:enable=${on}`, '-t', '4', '-f', 'yuv4mpegpipe', video],
    ]),
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi'],
      ...['-i', `aevalsrc=0.5*${on}*sin(2*PI*${hertz}*t):s=48000`, '-t', '4', audio],
    ]),
  ]);
  return { video, audio };
}

/**
 * When the picture flashes, in seconds of the file.
 *
 * @param crop of the picture, as ffmpeg's filter takes it: `w:h:x:y`
 */
export async function flashesIn(
  file: string,
  crop = 'iw:ih:0:0',
  periodS = PERIOD_S,
): Promise<number[]> {
  const print = 'metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-copyts', '-i', file, '-an'],
      ...['-vf', `crop=${crop},signalstats,${print}`, '-f', 'null', '-'],
    ],
    PLENTY,
  );
  const brightness = [...stdout.matchAll(/pts_time:([\d.]+)\s+\S+YAVG=([\d.]+)/g)];
  return risesOf(
    brightness.map(([, at, value]) => ({ at: Number(at), high: Number(value) > 128 })),
    periodS,
  );
}

/** When it beeps at this pitch, in seconds of the file. */
export async function beepsIn(file: string, hertz: number, periodS = PERIOD_S): Promise<number[]> {
  const narrow = `bandpass=f=${hertz}:width_type=h:w=100`;
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-copyts', '-i', file, '-vn', '-ac', '1', '-ar', '48000'],
      ...['-af', `aresample=async=1:first_pts=0,${narrow},${narrow}`, '-f', 's16le', '-'],
    ],
    { encoding: 'buffer', ...PLENTY },
  );
  const window = 240;
  const peaks = Array.from({ length: Math.floor(stdout.length / 2 / window) }, (_, index) => {
    let peak = 0;
    for (let sample = index * window; sample < (index + 1) * window; sample += 1) {
      peak = Math.max(peak, Math.abs(stdout.readInt16LE(sample * 2)));
    }
    return peak;
  });
  const loud = Math.max(300, Math.max(...peaks) / 2);
  return risesOf(
    peaks.map((peak, index) => ({ at: (index * window) / 48_000, high: peak > loud })),
    periodS,
  );
}

/** The beginnings that do not follow another within half a period. */
function risesOf(values: readonly { at: number; high: boolean }[], periodS: number): number[] {
  const rises: number[] = [];
  let before = false;
  for (const { at, high } of values) {
    if (high && !before && at - (rises.at(-1) ?? Number.NEGATIVE_INFINITY) > periodS / 2) {
      rises.push(at);
    }
    before = high;
  }
  return rises;
}

/** How much later each moment is than the nearest of the others, in seconds. */
export function offsets(moments: readonly number[], others: readonly number[]): number[] {
  return moments.flatMap((at) => {
    const nearest = others.toSorted((a, b) => Math.abs(a - at) - Math.abs(b - at))[0];
    return nearest === undefined || Math.abs(nearest - at) > PERIOD_S / 2 ? [] : [at - nearest];
  });
}
