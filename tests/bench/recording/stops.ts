import { table } from '../figures.ts';
import { makeClip, repeatClip } from './material.ts';
import { mp4Ms, stopToReadyMs } from './stop-to-ready.ts';

const MINUTES = [1, 10, 60] as const;

/** An hour takes x264 longer than anybody waits for a bench. */
const LONGEST_TRANSCODE_MINUTES = 10;

export interface StopFigures {
  minutes: number;
  readyMs: number[];
  copyMs: number[];
  /** Absent where it was not measured. */
  transcodeMs: number | undefined;
}

/** Stop to ready for recordings of several lengths, in turn with MP4s made after the stop. */
export async function measureStops(
  dir: string,
  ffmpegPath: string,
  rounds: number,
  told: (step: string) => void,
): Promise<StopFigures[]> {
  told('making the material');
  const clip = await makeClip(dir, ffmpegPath, 20);
  const all: (StopFigures & { material: string })[] = [];
  for (const minutes of MINUTES) {
    const material = await repeatClip(ffmpegPath, clip, minutes * 60);
    all.push({ minutes, material, readyMs: [], copyMs: [], transcodeMs: undefined });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { minutes, material, readyMs, copyMs } of all) {
      told(`round ${round + 1}, ${minutes} min`);
      readyMs.push(await stopToReadyMs(dir, ffmpegPath, material));
      copyMs.push(await mp4Ms(dir, ffmpegPath, material, 'copy'));
    }
  }
  for (const figures of all) {
    if (figures.minutes > LONGEST_TRANSCODE_MINUTES) continue;
    told(`x264, ${figures.minutes} min`);
    figures.transcodeMs = await mp4Ms(dir, ffmpegPath, figures.material, 'x264');
  }
  return all.map(({ material: _, ...figures }) => figures);
}

export function stopTable(all: readonly StopFigures[]): string {
  const list = (timesMs: readonly number[]) => timesMs.map((ms) => ms.toFixed(0)).join(' ');
  return table([
    ['minutes', 'stop to ready ms', 'ffmpeg -c copy to MP4 ms', 'x264 ultrafast ms'],
    ...all.map(({ minutes, readyMs, copyMs, transcodeMs }) => [
      ...[String(minutes), list(readyMs), list(copyMs)],
      transcodeMs?.toFixed(0) ?? 'not measured',
    ]),
  ]);
}
