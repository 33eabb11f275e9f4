import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface StreamInfo {
  codec_type: string;
  codec_name: string;
  width?: number;
  height?: number;
}

/** What is in a file, by ffprobe. */
export async function streamsOf(file: string): Promise<StreamInfo[]> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', file]);
  return JSON.parse(stdout).streams;
}

/** When a stream's packets are due, in seconds, and which are keyframes. */
export async function packetTimes(file: string, stream: string) {
  const entries = 'packet=pts_time,flags';
  const options = ['-v', 'error', '-select_streams', stream, '-show_entries', entries];
  const { stdout } = await run('ffprobe', [...options, '-of', 'json', file]);
  const { packets } = JSON.parse(stdout) as { packets: { pts_time: string; flags: string }[] };
  return packets.map((p) => ({ timeS: Number(p.pts_time), keyframe: p.flags.startsWith('K') }));
}

/** The sizes its pictures have, one after the other, e.g. `640x360`. */
export async function pictureSizes(file: string): Promise<string[]> {
  const options = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=width,height'];
  const { stdout } = await run('ffprobe', [...options, '-of', 'csv=p=0:s=x', file]);
  const sizes = stdout.trim().split('\n');
  return sizes.filter((size, index) => size !== sizes[index - 1]);
}

/** Pictures that differ from the one before, as ffmpeg's duplicate filter counts them. */
export async function distinctPictures(file: string): Promise<number> {
  const filter = ['-vf', 'mpdecimate', '-f', 'framemd5', '-'];
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v', ...filter]);
  return stdout.split('\n').filter((line) => line && !line.startsWith('#')).length;
}

/** How wide the writing in the lower left of a 1280 by 720 picture is, in pixels; 0 for none. */
export async function captionWidth(file: string, atS: number): Promise<number> {
  const { width, height } = { width: 640, height: 80 };
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-ss', String(atS), '-i', file, '-frames:v', '1'],
      ...['-vf', `crop=${width}:${height}:0:630,format=gray`, '-f', 'rawvideo', '-'],
    ],
    { encoding: 'buffer' },
  );
  const bright = Array.from({ length: width }, (_, x) =>
    Array.from({ length: height }, (_, y) => stdout[y * width + x] ?? 0).some((grey) => grey > 128),
  );
  return bright.includes(true) ? bright.lastIndexOf(true) - bright.indexOf(true) + 1 : 0;
}

/** Mean volume of the sound: about -91 for silence. */
export async function loudnessDb(file: string): Promise<number> {
  const filter = ['-af', 'volumedetect', '-vn', '-f', 'null', '-'];
  const { stderr } = await run('ffmpeg', ['-i', file, ...filter]);
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}
