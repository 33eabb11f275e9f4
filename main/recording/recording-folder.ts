import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './journal/durable-file.ts';
import { storageProblem } from './watch/storage-problem.ts';

/** Holds the journals of separate tracks, within a recording's folder. */
export const TRACKS_FOLDER = 'tracks';

/** Where the files of one recording lie. */
export class RecordingFolder {
  readonly path: string;

  constructor(recordingsDir: string, recordingId: string) {
    this.path = join(recordingsDir, recordingId);
  }

  get #tracksPath(): string {
    return join(this.path, TRACKS_FOLDER);
  }

  get journalPath(): string {
    return join(this.path, 'journal.swj');
  }

  /** The journal of a separate track. */
  trackPath(trackId: string): string {
    return join(this.#tracksPath, `${trackId}.swj`);
  }

  /** Makes the folder of the separate tracks, where it is not there. Throws as {@link create}. */
  async createTracks(): Promise<void> {
    try {
      await mkdir(this.#tracksPath, { recursive: true, mode: 0o700 });
      await syncFolder(this.path);
    } catch (error) {
      throw storageProblem(error, this.path);
    }
  }

  /** Ids of the separate tracks that were kept, in no order. */
  async trackIds(): Promise<string[]> {
    try {
      const names = await readdir(this.#tracksPath);
      return names.filter((name) => name.endsWith('.swj')).map((name) => name.slice(0, -4));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Makes the folder. Throws `storage-full` or `storage-unwritable`. */
  async create(): Promise<void> {
    try {
      await mkdir(this.path, { mode: 0o700 });
    } catch (error) {
      throw storageProblem(error, this.path);
    }
  }

  async exists(): Promise<boolean> {
    return stat(this.path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
  }

  /** Bytes of the journal; 0 where there is none. */
  async journalBytes(): Promise<number> {
    try {
      return (await stat(this.journalPath)).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
  }

  async removeJournal(): Promise<void> {
    await rm(this.journalPath, { force: true });
  }

  /** Puts aside a journal of which not everything could be read, for a person to inspect. */
  async keepDamagedJournal(): Promise<void> {
    await rename(this.journalPath, join(this.path, 'journal.damaged.swj'));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
