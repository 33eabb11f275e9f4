import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './studio-fixture.ts';

/** A disk of its own, that can be filled and made read-only. */
export interface SmallDisk {
  path: string;
  writable(yes: boolean): void;
}

/** A disk of so many KiB, gone when the test ends; `undefined` where nobody may mount one. */
export async function smallDisk(kib: number): Promise<SmallDisk | undefined> {
  const path = join(await temporaryFolder(), 'disk');
  await mkdir(path);
  const options = `size=${kib}k`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', [path]);
  });
  return {
    path,
    writable(yes) {
      execFileSync('mount', ['-o', `remount,${yes ? 'rw' : 'ro'}`, path]);
    },
  };
}
