import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './studio-fixture.ts';

const run = promisify(execFile);

/** Why a disk of one's own can't be had here; `undefined` where it can. */
export const noSmallDisk =
  process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'mounting a small disk takes Linux and root';

export interface SmallDisk {
  dir: string;
  /** Takes this much of it, as somebody else would. */
  fill(bytes: number): Promise<void>;
  /** Whether it takes anything. */
  writable(yes: boolean): Promise<void>;
  /** Gives back what was taken. */
  empty(): Promise<void>;
  /** The disk is pulled out while it is in use. */
  vanish(): Promise<void>;
}

/** A disk of this size, in memory, until the test ends. */
export async function smallDisk(sizeBytes: number): Promise<SmallDisk> {
  const dir = await temporaryFolder();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'swarm-test', dir]);
  let mounted = true;
  const vanish = async () => {
    if (mounted) await run('umount', ['--lazy', dir]);
    mounted = false;
  };
  onTestFinished(vanish);
  const filler = join(dir, 'filler');
  return {
    dir,
    fill: (bytes) => writeFile(filler, Buffer.alloc(bytes)),
    empty: () => rm(filler),
    async writable(yes) {
      await run('mount', ['-o', `remount,${yes ? 'rw' : 'ro'}`, dir]);
    },
    vanish,
  };
}
