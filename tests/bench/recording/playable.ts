import { execFile } from 'node:child_process';

/** Frames further apart than this have something missing between them; Opus comes every 20 to 60 ms. */
const LONGEST_FRAME_MS = 120;

/**
 * How much of a file or playlist can be read, in ms of media with both picture and sound; gaps in
 * the sound do not count. 0 where nothing can be read at all.
 */
export async function playableMs(input: string): Promise<number> {
  const packets = await packetsOf(input);
  const video = packets.filter(({ kind }) => kind === 'video').map(({ atMs }) => atMs);
  const audio = packets.filter(({ kind }) => kind === 'audio').map(({ atMs }) => atMs);
  return Math.min(spanMs(video, Number.POSITIVE_INFINITY), spanMs(audio, LONGEST_FRAME_MS));
}

/** From the first frame to the end of the last; no gap counts for more than `longestMs`. */
function spanMs(timesMs: number[], longestMs: number): number {
  timesMs.sort((a, b) => a - b);
  const steps = timesMs.slice(1).map((atMs, index) => atMs - (timesMs[index] ?? atMs));
  const total = steps.reduce((sum, step) => sum + Math.min(step, longestMs), 0);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return total + usual;
}

/** What ffprobe finds before it meets the place where a file was cut off. */
function packetsOf(input: string): Promise<{ kind: string; atMs: number }[]> {
  const args = ['-v', 'error', '-show_entries', 'packet=codec_type,pts_time', '-of', 'csv=p=0'];
  return new Promise((resolve) => {
    execFile('ffprobe', [...args, input], { maxBuffer: 1024 ** 3 }, (_error, stdout) => {
      const packets = stdout.split('\n').flatMap((line) => {
        const [kind = '', time = ''] = line.split(',');
        const atMs = Number.parseFloat(time) * 1000;
        return Number.isNaN(atMs) ? [] : [{ kind, atMs }];
      });
      resolve(packets);
    });
  });
}
