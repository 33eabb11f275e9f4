import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { playableMs } from './playable.ts';

/** Files that others write while a room is live, flushed after each packet: at their best. */
const RIVALS = [
  { name: 'plain MP4', options: ['-f', 'mp4'] },
  {
    name: 'fragmented MP4',
    options: ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'],
  },
  { name: 'MKV', options: ['-f', 'matroska'] },
] as const;

export type Rival = (typeof RIVALS)[number]['name'];

/** One ffmpeg for each kind of file, all fed the same stream. */
export class RivalFiles {
  readonly #writers: { name: Rival; path: string; process: ChildProcess }[];

  constructor(dir: string, ffmpegPath: string) {
    this.#writers = RIVALS.map(({ name, options }, index) => {
      const path = join(dir, `rival-${index}`);
      const common = ['-v', 'error', '-f', 'matroska', '-i', 'pipe:0', '-c', 'copy'];
      const process = spawn(ffmpegPath, [...common, '-flush_packets', '1', ...options, path], {
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      // What is on its way when it is killed is lost with it.
      process.stdin?.on('error', () => undefined);
      return { name, path, process };
    });
  }

  write(slice: Buffer): void {
    for (const { process } of this.#writers) process.stdin?.write(slice);
  }

  /** SIGKILL to all; answers what each has left to play, in ms. */
  async kill(): Promise<Record<Rival, number>> {
    const exits = this.#writers.map(({ process }) => once(process, 'exit'));
    for (const { process } of this.#writers) process.kill('SIGKILL');
    await Promise.all(exits);
    const left = this.#writers.map(async ({ name, path }) => [name, await playableMs(path)]);
    return Object.fromEntries(await Promise.all(left)) as Record<Rival, number>;
  }
}
