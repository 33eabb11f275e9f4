import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transcript } from '../../protocol/summaries.ts';
import { yieldPriority } from '../recording/packaging/spawned-ffmpeg.ts';
import { type Recogniser, recogniserFailed, transcriptFrom } from './recogniser.ts';

/** More than this is no transcript of five minutes. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** A recogniser takes some times the sound's length on a slow machine; then it hangs. */
const TIMES_THE_SOUND = 20;
const LEAST_MS = 120_000;

/** Temporary folders begin like this. */
const FOLDER = 'speech-';

export interface CommandRecogniserOptions {
  /** As the person wrote it, with `{input}` for the WAV file. */
  command: string;
  /** Where plain sound may lie while it is read; only its owner can look in. */
  temporaryDir: string;
}

/** A program on this computer. Its words are read from what it prints. */
export class CommandRecogniser implements Recogniser {
  readonly #options: CommandRecogniserOptions;

  constructor(options: CommandRecogniserOptions) {
    this.#options = options;
  }

  async recognise(wav: Buffer, durationMs: number, signal: AbortSignal): Promise<Transcript> {
    const { command, temporaryDir } = this.#options;
    const folder = await mkdtemp(join(temporaryDir, FOLDER));
    try {
      const input = join(folder, 'speech.wav');
      await writeFile(input, wav, { mode: 0o600 });
      const [program = '', ...args] = argumentsOf(command).map((part) =>
        part.replaceAll('{input}', input),
      );
      const patience = Math.max(LEAST_MS, durationMs * TIMES_THE_SOUND);
      return transcriptFrom(await run(program, args, signal, patience), durationMs);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The words of a command line; quotes keep spaces together. No shell sees any of it. */
export function argumentsOf(command: string): string[] {
  const parts = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return parts.map((part) => part.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

async function run(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  patienceMs: number,
): Promise<string> {
  signal.throwIfAborted();
  const late = AbortSignal.timeout(patienceMs);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  const enough = AbortSignal.any([signal, late]);
  enough.addEventListener('abort', kill, { once: true });
  yieldPriority(child.pid);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let lastError = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) kill();
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      lastError = (lastError + text).slice(-2000);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    if (late.aborted) throw recogniserFailed(`“${program}” took too long and was ended`);
    if (bytes > MAX_OUTPUT_BYTES) throw recogniserFailed(`“${program}” printed far too much`);
    if (code !== 0) {
      const words = lastError.trim().split('\n').at(-1) ?? '';
      throw recogniserFailed(
        `“${program}” ended with ${code ?? 'a signal'}${words && `: ${words}`}`,
      );
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw recogniserFailed(`there is no program “${program}” on this computer`);
    }
    throw error;
  } finally {
    enough.removeEventListener('abort', kill);
  }
}
