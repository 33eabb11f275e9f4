import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { lastWords, yieldPriority } from '../packaging/spawned-ffmpeg.ts';
import { type MatroskaTrack, writeMatroska } from '../tracks/matroska.ts';
import type { TimedFrame } from '../tracks/timed-frames.ts';

/** One run of ffmpeg that makes a file for editing of a track. */
export interface RenderRun {
  ffmpegPath: string;
  track: MatroskaTrack;
  /** In the programme's time, which the file keeps: what comes before the first frame is filled. */
  frames: AsyncIterable<TimedFrame>;
  /** ffmpeg's options for the file's contents. */
  options: readonly string[];
  /** Where the file is written. */
  path: string;
  /** Kills ffmpeg at once. */
  signal: AbortSignal | undefined;
}

/**
 * Feeds a track's frames to ffmpeg as Matroska and waits for its file. It runs at a low priority:
 * a room that is live on this machine comes first. Throws with ffmpeg's last words.
 */
export async function render(run: RenderRun): Promise<void> {
  const { ffmpegPath, track, frames, options, path, signal } = run;
  signal?.throwIfAborted();
  const ffmpeg = spawn(
    ffmpegPath,
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-y'],
      // The first frame's place in the programme must not be taken for a late start.
      ...['-copyts', '-reinit_filter', '0', '-f', 'matroska', '-i', 'pipe:0', ...options, path],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const kill = () => ffmpeg.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  const words = text(ffmpeg.stderr);
  const ended = once(ffmpeg, 'close') as Promise<[number | null]>;
  // Whoever feeds a process that is gone hears of it by its exit code.
  ffmpeg.stdin.on('error', () => undefined);
  yieldPriority(ffmpeg.pid);
  const fed = writeMatroska(track, frames, { writable: into(ffmpeg.stdin) });
  try {
    const [feeding] = await Promise.allSettled([fed]);
    ffmpeg.stdin.end();
    const [code] = await ended;
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(lastWords(await words, code));
    if (feeding.status === 'rejected') throw feeding.reason;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/** Each chunk waits for the one before; where the process is gone it is refused at once. */
function into(stdin: Writable): WritableStream<Uint8Array> {
  return new WritableStream({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stdin.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
  });
}
