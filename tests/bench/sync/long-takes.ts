import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SLICE_BYTES = 64 * 1024;

/** Odd on purpose: picture and sound of a take end at different moments. */
const TAKE_SECONDS = [601.37, 433.211, 299.983] as const;

/** Slices of takes that flash and beep every `periodS`, hours of them. */
export async function longTakes(
  dir: string,
  ffmpegPath: string,
  { hours, periodS }: { hours: number; periodS: number },
): Promise<Iterable<Uint8Array>> {
  const takes = await Promise.all(
    TAKE_SECONDS.map(async (seconds) => {
      const file = join(dir, `take-${seconds}.mkv`);
      await run(ffmpegPath, flashingStream(file, seconds, periodS));
      return { seconds, bytes: await readFile(file) };
    }),
  );
  return slicesOf(takes, hours * 3600);
}

function* slicesOf(takes: readonly { seconds: number; bytes: Buffer }[], totalS: number) {
  let recordedS = 0;
  for (let index = 0; recordedS < totalS; index++) {
    const take = takes[index % takes.length];
    if (!take) return;
    for (let at = 0; at < take.bytes.length; at += SLICE_BYTES) {
      yield take.bytes.subarray(at, at + SLICE_BYTES);
    }
    recordedS += take.seconds;
  }
}

/** A white picture and a tone for 200 ms, at the same moment, once in each period. */
function flashingStream(file: string, seconds: number, periodS: number): string[] {
  const lit = `between(mod(t\\,${periodS})\\,5\\,5.2)`;
  return [
    ...['-v', 'error', '-y', '-f', 'lavfi'],
    ...['-i', `color=black:s=64x36:r=25,drawbox=c=white:t=fill:enable='${lit}'`],
    ...['-f', 'lavfi', '-i', `aevalsrc=0.8*sin(2*PI*1000*t)*${lit}:s=48000`],
    ...['-t', String(seconds), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ...['-g', '50', '-keyint_min', '50', '-sc_threshold', '0'],
    ...['-c:a', 'libopus', '-b:a', '24k', '-application', 'lowdelay', '-frame_duration', '60'],
    ...['-cluster_time_limit', '2000', '-live', '1', '-f', 'matroska', file],
  ];
}
