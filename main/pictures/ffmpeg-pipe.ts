import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { lastWords, yieldPriority } from '../recording/packaging/spawned-ffmpeg.ts';

/** One run of ffmpeg over small things: what goes in and comes out goes through its pipes. */
export interface PipeRun {
  ffmpegPath: string;
  /** Options before the input, e.g. its format. */
  inputOptions: readonly string[];
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Options for what is made of it, but for where it goes. */
  outputOptions: readonly string[];
  /** More than this is not what was asked for. */
  maxOutputBytes: number;
  signal: AbortSignal;
}

/** A picture or a second of sound takes far less. */
const LIMIT_MS = 60_000;

/**
 * Runs ffmpeg at a low priority, for a live room on this machine comes first. Throws with its last
 * words, also where it makes too much or takes longer than a minute.
 */
export async function throughFfmpeg(run: PipeRun): Promise<Buffer> {
  const { ffmpegPath, input, maxOutputBytes } = run;
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(LIMIT_MS)]);
  signal.throwIfAborted();
  const ffmpeg = spawn(
    ffmpegPath,
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-protocol_whitelist', 'pipe'],
      ...[...run.inputOptions, '-i', 'pipe:0', ...run.outputOptions, 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const kill = () => ffmpeg.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  yieldPriority(ffmpeg.pid);
  try {
    const words = text(ffmpeg.stderr);
    const closed = once(ffmpeg, 'close') as Promise<[number | null]>;
    const made = buffer(bounded(ffmpeg.stdout, maxOutputBytes, kill));
    // ffmpeg stops reading when it has what it wants; a source that fails tells why.
    const fed = pipeline(Readable.from(input, { objectMode: false }), ffmpeg.stdin).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
        kill();
        throw error;
      },
    );
    const [bytes, [code], problem] = await Promise.all([made, closed, fed.catch((e: Error) => e)]);
    signal.throwIfAborted();
    if (problem) throw problem;
    if (code !== 0) throw new Error(lastWords(await words, code));
    return bytes;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

async function* bounded(source: AsyncIterable<Buffer>, maxBytes: number, tooMuch: () => void) {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      tooMuch();
      throw new Error(`ffmpeg made more than ${maxBytes} bytes.`);
    }
    yield chunk;
  }
}
