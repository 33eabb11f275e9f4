import { Readable } from 'node:stream';
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { INIT_URI, PLAYLIST_NAME } from './playlist.ts';

/** One run of ffmpeg that cuts a Matroska stream into HLS segments without encoding anything. */
export interface PackagingRun {
  ffmpegPath: string;
  /** The recorder's stream, in pieces cut anywhere; pulled as fast as ffmpeg takes them. */
  input: AsyncIterable<Uint8Array>;
  /** Where the files are put (HTTP); ends with a slash. */
  outputUrl: string;
  /** Kills ffmpeg at once. */
  signal: AbortSignal;
}

/** Length ffmpeg aims at; it cuts at the first keyframe past it, and the recorder sends one every 2 s. */
const SEGMENT_SECONDS = 2;

/**
 * A browser's recorder writes when each frame begins and not how long it lasts, and ffmpeg's HLS
 * muxer adds up what frames last to tell the length of the last segment: each is given the time
 * until the next one, the last one that of the frame before it.
 */
const DURATIONS = 'setts=duration=if(eq(NEXT_PTS\\,NOPTS)\\,PTS-PREV_OUTPTS\\,NEXT_PTS-PTS)';

/**
 * Runs ffmpeg until it has taken all of `input` and ended by itself. Throws with its last words
 * when it fails or is killed. The one door to fluent-ffmpeg, which nobody maintains any more.
 */
export async function runFfmpeg(run: PackagingRun): Promise<void> {
  run.signal.throwIfAborted();
  const input = Readable.from(run.input, { objectMode: false, highWaterMark: 1 });
  const command = ffmpeg(input, { stdoutLines: 20 })
    .setFfmpegPath(run.ffmpegPath)
    .inputOptions(['-hide_banner', '-nostats', '-loglevel', 'warning', '-f', 'matroska'])
    .outputOptions([
      ...['-c', 'copy', '-bsf:v', DURATIONS, '-bsf:a', DURATIONS],
      ...['-f', 'hls', '-hls_segment_type', 'fmp4'],
      ...['-hls_time', String(SEGMENT_SECONDS), '-hls_list_size', '0'],
      ...['-hls_playlist_type', 'event', '-method', 'PUT'],
      ...['-hls_fmp4_init_filename', INIT_URI],
      ...['-hls_segment_filename', `${run.outputUrl}segment-%06d.m4s`],
    ])
    .output(`${run.outputUrl}${PLAYLIST_NAME}`);
  try {
    await settled(command, run.signal, run.outputUrl);
  } finally {
    input.destroy();
  }
}

/** One run of ffmpeg that makes a single MP4. */
export interface Mp4Run {
  ffmpegPath: string;
  /** A fragmented MP4, in pieces cut anywhere. */
  input: AsyncIterable<Uint8Array>;
  /** Title and chapters, in ffmpeg's own form. */
  metadataPath: string;
  /** Overwritten. */
  outputPath: string;
  codecOptions: readonly string[];
  signal: AbortSignal;
  /** Told how far into the media it is, about twice a second. */
  onTime: (atMs: number) => void;
}

/** Beside a live room an export is to be the one that waits. */
const EXPORT_NICENESS = 10;

/** Writes an MP4 that players can seek in. Throws with ffmpeg's last words. */
export async function writeMp4(run: Mp4Run): Promise<void> {
  run.signal.throwIfAborted();
  const input = Readable.from(run.input, { objectMode: false, highWaterMark: 1 });
  const command = ffmpeg(input, { stdoutLines: 20, niceness: EXPORT_NICENESS })
    .setFfmpegPath(run.ffmpegPath)
    .inputOptions(['-hide_banner', '-stats', '-loglevel', 'error', '-f', 'mp4'])
    .input(run.metadataPath)
    .inputOptions(['-f', 'ffmetadata'])
    .outputOptions(['-map', '0', '-map_metadata', '1', '-map_chapters', '1'])
    .outputOptions([...run.codecOptions, '-movflags', '+faststart', '-f', 'mp4', '-y'])
    .output(run.outputPath);
  command.on('progress', ({ timemark }: { timemark?: string }) => run.onTime(timeOf(timemark)));
  try {
    await settled(command, run.signal);
  } finally {
    input.destroy();
  }
}

/**
 * Reads an MP4 from end to end and answers how long it lasts, in ms. Throws with ffmpeg's last
 * words where a packet of it can't be read.
 */
export async function readMp4(run: {
  ffmpegPath: string;
  path: string;
  signal: AbortSignal;
}): Promise<number> {
  run.signal.throwIfAborted();
  let durationMs = 0;
  const command = ffmpeg(run.path, { stdoutLines: 20, niceness: EXPORT_NICENESS })
    .setFfmpegPath(run.ffmpegPath)
    .inputOptions(['-hide_banner', '-nostats', '-xerror'])
    .outputOptions(['-map', '0', '-c', 'copy', '-f', 'null'])
    .output('-');
  command.on('codecData', ({ duration }: { duration?: string }) => {
    durationMs = timeOf(duration);
  });
  await settled(command, run.signal);
  return durationMs;
}

/** `00:01:02.50` in ms; 0 for what is no time. */
function timeOf(text = ''): number {
  const [, hours, minutes, seconds] = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)/.exec(text) ?? [];
  return seconds === undefined
    ? 0
    : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/**
 * Runs a command to its end; killed when `signal` aborts. Throws with ffmpeg's last words.
 *
 * @param secret never to be in those words
 */
async function settled(
  command: FfmpegCommand,
  signal: AbortSignal,
  secret?: string,
): Promise<void> {
  surviveFailedSpawn(command);
  const kill = () => command.kill('SIGKILL');
  try {
    await new Promise<void>((resolve, reject) => {
      command.on('end', () => resolve());
      command.on('error', (error: Error, _stdout: unknown, stderr: unknown) => {
        reject(new Error(lastWords(error, stderr, secret), { cause: error }));
      });
      command.on('start', () => {
        if (signal.aborted) kill();
        else signal.addEventListener('abort', kill, { once: true });
      });
      command.run();
    });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/**
 * When the process can't be started, fluent-ffmpeg 2.1.3 reads the output it never had and throws
 * where nobody can catch it (lib/processor.js, `endCB`): it is given an empty one.
 */
function surviveFailedSpawn(command: FfmpegCommand): void {
  const inner = command as unknown as { _spawnFfmpeg: (...args: unknown[]) => void };
  const spawn = inner._spawnFfmpeg;
  const noLines = { get: () => '' };
  inner._spawnFfmpeg = (...args) => {
    const ended = args.pop() as (error: unknown, ...output: unknown[]) => void;
    spawn.call(inner, ...args, (error: unknown, stdout = noLines, stderr = noLines) =>
      ended(error, stdout, stderr),
    );
  };
}

/** The sink's address holds its secret, so it never gets into a log. */
function lastWords(error: Error, stderr: unknown, outputUrl: string | undefined): string {
  const line = typeof stderr === 'string' ? stderr.trim().split('\n').at(-1) : undefined;
  const words =
    line && !error.message.includes(line) ? `${error.message} (${line})` : error.message;
  return outputUrl === undefined ? words : words.replaceAll(outputUrl, '');
}
