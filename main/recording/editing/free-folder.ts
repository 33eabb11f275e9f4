import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import { exportProblem } from '../export/export-target.ts';

/** Names that are tried beside one that is taken: `Talk tracks (2)` and so on. */
const MOST_TRIES = 1000;

/**
 * A path in `parent`, which is made where there is none, at which nothing is yet. Throws
 * `validation-failed` for a path that is not absolute, `storage-full` and `storage-unwritable`.
 */
export async function freeFolder(parent: string, name: string): Promise<string> {
  if (!isAbsolute(parent)) {
    throw new ProtocolError('validation-failed', 'Give the folder with its whole path.', [
      { path: 'folder', message: 'must be an absolute path' },
    ]);
  }
  try {
    await mkdir(parent, { recursive: true });
    await access(parent, constants.W_OK);
    for (let count = 1; count <= MOST_TRIES; count += 1) {
      const path = join(parent, count === 1 ? name : `${name} (${count})`);
      if (!(await isThere(path))) return path;
    }
  } catch (error) {
    throw exportProblem(error, parent);
  }
  throw new ProtocolError(
    'storage-unwritable',
    `${parent} has too many folders named “${name}”. Choose another folder.`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
