import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of all files in a folder and the folders in it; 0 where there is none. */
export async function folderSize(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(orNothing);
  let sizeBytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = await stat(join(entry.parentPath, entry.name)).catch(orNothing);
    if ('size' in file) sizeBytes += file.size;
  }
  return sizeBytes;
}

/** What goes away while it is measured counts for nothing. */
function orNothing(error: unknown): [] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
