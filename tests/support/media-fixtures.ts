import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CameraFiles {
  /** Motion JPEG, 640x360 at 24 frames a second, as Chromium's fake camera reads it. */
  video: string;
  /** WAV, mono, 48 kHz, with the rhythm of speech. */
  audio: string;
}

/** Hues and voice pitches that tell people apart by eye and ear. */
const PEOPLE = [
  { hue: 0, pitchHz: 120 },
  { hue: 120, pitchHz: 180 },
  { hue: 240, pitchHz: 220 },
  { hue: 60, pitchHz: 150 },
] as const;

/**
 * Makes a camera and a microphone for one person: a moving test picture in a colour of their own,
 * and a voiced tone with harmonics that swells and pauses four times a second, as syllables do.
 */
export async function makeCamera(folder: string, person: number): Promise<CameraFiles> {
  const { hue, pitchHz } = PEOPLE[person % PEOPLE.length] ?? PEOPLE[0];
  const video = join(folder, `camera-${person}.mjpeg`);
  const audio = join(folder, `voice-${person}.wav`);
  const syllables = 'max(0\\,sin(2*PI*4*t))*(0.6+0.4*sin(2*PI*0.4*t))';
  const voice = `0.3*${syllables}*(sin(2*PI*${pitchHz}*t)+0.5*sin(4*PI*${pitchHz}*t)+0.25*sin(6*PI*${pitchHz}*t))`;
  await Promise.all([
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=24'],
      ...['-vf', `hue=h=${hue}`, '-t', '10', '-c:v', 'mjpeg', '-q:v', '6', '-f', 'mjpeg', video],
    ]),
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `aevalsrc=${voice}:s=48000`],
      ...['-t', '10', '-c:a', 'pcm_s16le', audio],
    ]),
  ]);
  return { video, audio };
}
