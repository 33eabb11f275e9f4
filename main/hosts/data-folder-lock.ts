import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { Fingerprint } from '../../protocol/reach.ts';
import { LaunchProblem } from './launch-problem.ts';

/** What a running studio says about itself to one that comes second. */
export const Running = z.object({
  pid: z.int(),
  address: z.string(),
  /** Of the certificate it made itself. */
  fingerprint: Fingerprint.optional(),
});

/** This studio's claim to its data folder. */
export interface DataFolderLock {
  /** Lets a second studio say where this one answers, and an invitation what it is known by. */
  announce(address: string, fingerprint?: string): void;
  release(): void;
}

/**
 * Claims a data folder for one studio. The claim is SQLite's exclusive lock on a file of its own:
 * the system drops it with the process however that ends, so there is no stale lock to clear and
 * no process id to mistake. Throws `data-folder-in-use`.
 */
export async function lockDataFolder(dir: string): Promise<DataFolderLock> {
  const runningFile = join(dir, 'running.json');
  const file = new DatabaseSync(join(dir, 'studio.lock'), { timeout: 0 });
  try {
    // Nothing is ever written, so the journal need not be a file beside the lock.
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    file.close();
    if (!isBusy(error)) throw error;
    throw await inUse(dir, runningFile);
  }
  return {
    announce(address, fingerprint) {
      const running: z.infer<typeof Running> = {
        ...{ pid: process.pid, address },
        ...(fingerprint !== undefined && { fingerprint }),
      };
      writeFileSync(runningFile, JSON.stringify(running), { mode: 0o600 });
    },
    release() {
      rmSync(runningFile, { force: true });
      file.close();
    },
  };
}

/** SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

async function inUse(dir: string, runningFile: string): Promise<LaunchProblem> {
  const running = await readFile(runningFile, 'utf8')
    .then((text) => Running.parse(JSON.parse(text)))
    // Not there yet, or half written: the other studio is just starting.
    .catch(() => undefined);
  const where = running
    ? `by the studio at ${running.address} (process ${running.pid})`
    : 'by a studio that is just starting';
  return new LaunchProblem(
    'data-folder-in-use',
    `The data folder ${dir} is in use ${where}. Use that one, stop it first, or choose another folder with --data DIR.`,
  );
}
