import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import { syncFolder } from '../journal/durable-file.ts';

/** Names that are tried beside one that is taken: `Title (2).mp4` and so on. */
const MOST_TRIES = 1000;

/**
 * A file that is written beside its place and put there once it is right, so that a crash, a full
 * disk or a cancellation leaves nothing that looks done, and nothing that was there is lost.
 */
export class ExportTarget {
  /** Where it is written. */
  readonly partial: string;
  /** What is told about it meanwhile. */
  readonly metadata: string;
  readonly #folder: string;
  readonly #name: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.partial = join(folder, `.${name}.partial`);
    this.metadata = join(folder, `.${name}.metadata`);
  }

  /**
   * Makes the folder where there is none, and claims room in it. Throws `validation-failed` for a
   * path that is not absolute, `storage-full` and `storage-unwritable`.
   *
   * @param name without extension
   * @param neededBytes about how large the file will be
   * @param metadata what ffmpeg is to know of title and chapters
   */
  static async claim(
    folder: string,
    name: string,
    neededBytes: number,
    metadata: string,
  ): Promise<ExportTarget> {
    if (!isAbsolute(folder)) {
      throw new ProtocolError('validation-failed', 'Give the folder with its whole path.', [
        { path: 'folder', message: 'must be an absolute path' },
      ]);
    }
    const target = new ExportTarget(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < neededBytes) throw full(folder, neededBytes);
      await (await open(target.partial, 'w')).close();
      await writeFile(target.metadata, metadata);
    } catch (error) {
      await target.discard();
      throw exportProblem(error, folder);
    }
    return target;
  }

  /** Puts the file in its place, under a name that is free, and answers its path. */
  async keep(): Promise<string> {
    try {
      const file = await open(this.partial, 'r+');
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
      const path = await this.#freePath();
      await rename(this.partial, path);
      await syncFolder(dirname(path));
      return path;
    } catch (error) {
      throw exportProblem(error, this.#folder);
    }
  }

  /** Removes what is not the file itself: all of it, where it was not kept. */
  async discard(): Promise<void> {
    for (const path of [this.partial, this.metadata]) {
      // Where the disk has gone there is nothing to discard, and the reason of the failure counts.
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  async #freePath(): Promise<string> {
    for (let count = 1; count <= MOST_TRIES; count += 1) {
      const suffix = count === 1 ? '' : ` (${count})`;
      const path = join(this.#folder, `${this.#name}${suffix}.mp4`);
      if (!(await exists(path))) return path;
    }
    throw new ProtocolError(
      'storage-unwritable',
      `${this.#folder} has too many files named “${this.#name}”. Choose another folder.`,
    );
  }
}

const UNWRITABLE: Record<string, string> = {
  EACCES: 'the studio may not write there',
  EPERM: 'the studio may not write there',
  EROFS: 'the disk is read-only',
  ENOENT: 'it is gone',
  ENOTDIR: 'it is not a folder',
  EEXIST: 'it is not a folder',
  EIO: 'the disk reports an error',
};

/** What a person should read when a file could not be written to `folder`. */
export function exportProblem(error: unknown, folder: string): unknown {
  if (error instanceof ProtocolError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return full(folder);
  const reason = UNWRITABLE[code];
  if (!reason) return error;
  return new ProtocolError(
    'storage-unwritable',
    `Nothing can be written to ${folder}: ${reason}. Choose another folder. The recording itself is untouched.`,
  );
}

function full(folder: string, neededBytes?: number): ProtocolError {
  const needed =
    neededBytes === undefined ? '' : ` (${Math.ceil(neededBytes / 1e6)} MB are needed)`;
  return new ProtocolError(
    'storage-full',
    `There is not enough room in ${folder}${needed}. Free some space or choose another folder. The recording itself is untouched.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
