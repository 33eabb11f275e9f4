import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { plainMedia, type SealedMedia } from '../recording/export/plain-media.ts';
import { lastWords, yieldPriority } from '../recording/packaging/spawned-ffmpeg.ts';

/** What speech recognisers are trained on. */
export const SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
const BYTES_PER_SECOND = SAMPLE_RATE * BYTES_PER_SAMPLE;
/** A stretch is cut at the quietest moment of its last minute. */
const LONGEST_S = 300;
const CUT_WITHIN_S = 60;
const WINDOW_S = 0.4;

/** A stretch of a recording's sound. */
export interface SpeechChunk {
  startMs: number;
  durationMs: number;
  /** 16 bits a sample, little-endian, mono, {@link SAMPLE_RATE}. */
  samples: Buffer;
}

/**
 * A recording's sound in stretches of five minutes at most, cut where it is quiet, so that words
 * stay whole. Some 10 MB are in memory at a time, and nothing plain touches the disk.
 */
export async function* speechOf(
  run: { ffmpegPath: string; signal: AbortSignal },
  media: SealedMedia,
): AsyncGenerator<SpeechChunk, void> {
  let rest = Buffer.alloc(0);
  let startBytes = 0;
  const cut = (bytes: number): SpeechChunk => {
    const samples = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    const chunk = { startMs: msOf(startBytes), durationMs: msOf(bytes), samples };
    startBytes += bytes;
    return chunk;
  };
  for await (const bytes of pcmOf(run, media)) {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length > LONGEST_S * BYTES_PER_SECOND) yield cut(quietestCut(rest));
  }
  const whole = rest.length - (rest.length % BYTES_PER_SAMPLE);
  if (whole > 0) yield cut(whole);
}

/** A file that every recogniser reads (RIFF WAVE, PCM). */
export function wavOf(samples: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(SAMPLE_RATE, 24);
  head.writeUInt32LE(BYTES_PER_SECOND, 28);
  head.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  head.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

async function* pcmOf(
  { ffmpegPath, signal }: { ffmpegPath: string; signal: AbortSignal },
  media: SealedMedia,
): AsyncGenerator<Buffer, void> {
  signal.throwIfAborted();
  const ffmpeg = spawn(
    ffmpegPath,
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-protocol_whitelist', 'pipe'],
      ...['-f', 'mp4', '-i', 'pipe:0', '-vn', '-ac', '1', '-ar', String(SAMPLE_RATE)],
      ...['-f', 's16le', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const kill = () => ffmpeg.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  yieldPriority(ffmpeg.pid);
  try {
    const words = text(ffmpeg.stderr);
    const closed = once(ffmpeg, 'close') as Promise<[number | null]>;
    const fed = pipeline(Readable.from(plainMedia(media), { objectMode: false }), ffmpeg.stdin);
    const problem = fed.catch((error: Error) => {
      kill();
      return error;
    });
    for await (const bytes of ffmpeg.stdout) yield bytes as Buffer;
    const [code] = await closed;
    signal.throwIfAborted();
    const failure = await problem;
    if (failure && !isEarlyEnd(failure)) throw failure;
    if (code !== 0) throw new Error(lastWords(await words, code));
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

/** ffmpeg stops reading when it has what it wants. */
function isEarlyEnd(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** The middle of the quietest window in the last minute of a full stretch, in bytes. */
function quietestCut(pcm: Buffer): number {
  const window = Math.round(WINDOW_S * SAMPLE_RATE);
  const last = LONGEST_S * SAMPLE_RATE - window;
  const first = last - CUT_WITHIN_S * SAMPLE_RATE;
  let best = { energy: Number.POSITIVE_INFINITY, at: last };
  for (let at = first; at <= last; at += window / 2) {
    let energy = 0;
    for (let sample = at; sample < at + window; sample += 4) {
      energy += Math.abs(pcm.readInt16LE(sample * BYTES_PER_SAMPLE));
    }
    if (energy < best.energy) best = { energy, at };
  }
  return (best.at + window / 2) * BYTES_PER_SAMPLE;
}

function msOf(bytes: number): number {
  return Math.round((bytes / BYTES_PER_SECOND) * 1000);
}
