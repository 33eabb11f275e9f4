import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A recorder's stream as a browser makes it: Matroska with H.264 and Opus, a keyframe every 2 s,
 * picture and sound in motion throughout.
 */
export async function recorderStream(seconds: number, size = '160x120'): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=30`],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', String(seconds)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
      ...['-g', '60', '-keyint_min', '60', '-sc_threshold', '0'],
      ...['-c:a', 'libopus', '-b:a', '32k', '-cluster_time_limit', '500', '-live', '1'],
      ...['-f', 'matroska', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  return stdout;
}

/**
 * The same in VP9, from a machine that was too busy for all of it: most pictures of each second
 * are missing, and as in a browser's own stream nothing in it says how long a picture lasts.
 */
export async function starvedRecorderStream(seconds: number): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', String(seconds)],
      ...['-vf', "select='not(between(mod(n,30),3,25))'", '-fps_mode', 'vfr'],
      ...['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
      ...['-lag-in-frames', '0', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
      ...['-c:a', 'libopus', '-b:a', '32k', '-live', '1', '-f', 'matroska', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  return withoutFrameDurations(stdout);
}

/** Turns each `DefaultDuration` (RFC 9559, section 5.1.4.1.13) into a `Void` of the same size. */
function withoutFrameDurations(matroska: Buffer): Buffer {
  const id = Buffer.from('23e383', 'hex');
  for (let at = matroska.indexOf(id); at >= 0; at = matroska.indexOf(id, at + 1)) {
    const size = (matroska[at + 3] ?? 0) & 0x7f;
    matroska.set([0xec, 0x80 | (size + 2)], at);
  }
  return matroska;
}

/** Cuts a stream where no box, cluster or frame ends: sizes go round a list of primes. */
export function slicesOf(stream: Buffer, about = 16_384): Buffer[] {
  const sizes = [about + 3, 1, about - 257, 2 * about + 11, 997];
  const slices: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const size = sizes[slices.length % sizes.length] ?? about;
    slices.push(stream.subarray(at, at + size));
    at += size;
  }
  return slices;
}

export interface Probe {
  durationS: number;
  codecs: string[];
  /** Decoding it from end to end gave no complaint. */
  clean: boolean;
}

/** What ffprobe says of a file or address, and whether all of it decodes. */
export async function probe(
  input: string,
  { headers, keyless = [] }: { headers?: string; keyless?: string[] } = {},
): Promise<Probe> {
  const common = ['-v', 'error', ...keyless, ...(headers ? ['-headers', headers] : [])];
  const { stdout } = await run('ffprobe', [
    ...common,
    ...['-show_entries', 'format=duration:stream=codec_name', '-of', 'json', input],
  ]);
  const { format, streams } = JSON.parse(stdout) as {
    format: { duration: string };
    streams: { codec_name: string }[];
  };
  const decode = await run('ffmpeg', [...common, '-i', input, '-f', 'null', '-']);
  return {
    durationS: Number(format.duration),
    codecs: streams.map((stream) => stream.codec_name).sort(),
    clean: decode.stderr.trim() === '',
  };
}

/** When the frames of a stream are due, in seconds, in their order. */
export async function frameTimes(input: string, stream: 'v:0' | 'a:0'): Promise<number[]> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', stream],
    ...['-show_entries', 'packet=pts_time', '-of', 'csv=p=0', input],
  ]);
  return stdout
    .split('\n')
    .map((line) => Number.parseFloat(line))
    .filter((timeS) => !Number.isNaN(timeS));
}
