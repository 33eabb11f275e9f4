import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CameraFiles {
  /** YUV4MPEG2, 640x360 at 15 frames a second: Chromium plays Motion JPEG at 30, whatever it says. */
  video: string;
  /** WAV, mono, 48 kHz, with the rhythm of speech. */
  audio: string;
}

/** Colours and voice pitches that tell people apart by eye and ear. */
const PEOPLE = [
  { colours: ['0x10243e', '0x2f6f8f', '0x8fd3c1'], pitchHz: 120 },
  { colours: ['0x3a1530', '0x9c3d63', '0xf2b880'], pitchHz: 180 },
  { colours: ['0x1d1a3d', '0x5b4bb7', '0xc9a7eb'], pitchHz: 220 },
  { colours: ['0x17301d', '0x4f8a4b', '0xe3d28a'], pitchHz: 150 },
] as const;

/**
 * Makes a camera and a microphone for one person: light that wanders over colours of their own
 * behind a game of life, and a voiced tone with harmonics that swells and pauses four times a
 * second, as syllables do.
 */
export async function makeCamera(folder: string, person: number): Promise<CameraFiles> {
  const { colours, pitchHz } = PEOPLE[person % PEOPLE.length] ?? PEOPLE[0];
  const [dark, middle, light] = colours;
  const video = join(folder, `camera-${person}.y4m`);
  const audio = join(folder, `voice-${person}.wav`);
  const gradient = `gradients=s=640x360:r=15:c0=${dark}:c1=${middle}:c2=${light}:c3=${dark}:nb_colors=4:speed=0.05:x0=0:y0=0:x1=640:y1=360`;
  const life = `life=s=64x36:r=15:mold=10:ratio=0.1:seed=${person}:life_color=white:death_color=gray`;
  const overlay =
    '[1]scale=640:360:flags=neighbor,format=rgba,colorchannelmixer=aa=0.14[life];[0][life]overlay,format=yuv420p';
  const syllables = 'max(0\\,sin(2*PI*4*t))*(0.6+0.4*sin(2*PI*0.4*t))';
  const voice = `0.3*${syllables}*(sin(2*PI*${pitchHz}*t)+0.5*sin(4*PI*${pitchHz}*t)+0.25*sin(6*PI*${pitchHz}*t))`;
  await Promise.all([
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', gradient, '-f', 'lavfi', '-i', life],
      ...['-filter_complex', overlay, '-t', '10'],
      ...['-f', 'yuv4mpegpipe', video],
    ]),
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `aevalsrc=${voice}:s=48000`],
      ...['-t', '10', '-c:a', 'pcm_s16le', audio],
    ]),
  ]);
  return { video, audio };
}

/**
 * A test picture in colour that moves, and a tone, for benches whose cameras differ.
 *
 * @param format e.g. `640x360@30`
 */
export async function makeTestCamera(folder: string, format: string): Promise<CameraFiles> {
  const [, size, rate] = /^(\d+x\d+)@(\d+)$/.exec(format) ?? [];
  if (size === undefined) throw new Error(`A camera is like 640x360@30, not ${format}.`);
  const video = join(folder, `camera-${format}.y4m`);
  const audio = join(folder, `tone-${format}.wav`);
  const source = `testsrc2=s=${size}:r=${rate}`;
  const picture = ['-f', 'lavfi', '-i', source, '-t', '10', '-pix_fmt', 'yuv420p', video];
  const tone = ['-f', 'lavfi', '-i', 'sine=f=220:r=48000', '-t', '10', audio];
  for (const output of [picture, tone]) await run('ffmpeg', ['-v', 'error', '-y', ...output]);
  return { video, audio };
}
