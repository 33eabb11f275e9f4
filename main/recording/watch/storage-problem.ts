import { type ErrorCode, ProtocolError } from '../../../protocol/errors.ts';

const PROBLEMS: Record<string, { code: ErrorCode; sentence: (folder: string) => string }> = {
  ENOSPC: full(),
  EDQUOT: full(),
  // FAT32 ends at 4 GiB; `ulimit -f` sooner.
  EFBIG: {
    code: 'storage-full',
    sentence: (folder) =>
      `The disk that holds ${folder} takes no larger files. What was recorded so far is safe; use a data folder on another disk.`,
  },
  EACCES: unwritable('the studio may not write there'),
  EPERM: unwritable('the studio may not write there'),
  EROFS: unwritable('the disk is read-only'),
  ENOENT: unwritable('it is gone'),
  ENOTDIR: unwritable('it is not a folder'),
  EIO: unwritable('the disk reports an error'),
};

/**
 * What a person should read when writing to `folder` failed: `storage-full`,
 * `storage-unwritable`, or the error itself where it is not the storage's doing.
 */
export function storageProblem(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = PROBLEMS[code];
  if (!known) return error;
  return Object.assign(new ProtocolError(known.code, known.sentence(folder)), { cause: error });
}

function full() {
  return {
    code: 'storage-full' as const,
    sentence: (folder: string) =>
      `The disk that holds ${folder} is full. What was recorded so far is safe; free some space, then record again.`,
  };
}

function unwritable(reason: string) {
  return {
    code: 'storage-unwritable' as const,
    sentence: (folder: string) =>
      `Nothing can be written to ${folder}: ${reason}. Check the folder and its permissions, or start the studio with another data folder.`,
  };
}
