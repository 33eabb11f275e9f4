import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What {@link replaceFile} hands to whoever fills the file. */
export type WriteChunk = (chunk: Uint8Array) => Promise<void>;

/**
 * Puts a file in its place all at once: `fill` writes a sibling, which is then renamed, so a
 * reader sees the old file or the new one and a crash leaves no half. When `fill` throws, the
 * old file stays and the sibling goes.
 *
 * @param durable also waits until the file's bytes would survive a power cut; its name does
 *   after {@link syncFolder}
 */
export async function replaceFile(
  path: string,
  durable: boolean,
  fill: (write: WriteChunk) => Promise<void>,
): Promise<void> {
  const sibling = `${path}.partial`;
  const file = await open(sibling, 'w', 0o600);
  try {
    try {
      await fill(async (chunk) => {
        await file.writeFile(chunk);
      });
      if (durable) await file.datasync();
    } finally {
      await file.close();
    }
    await rename(sibling, path);
  } catch (error) {
    await rm(sibling, { force: true });
    throw error;
  }
}

/** {@link replaceFile} for bytes at hand; durable, its name included. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await replaceFile(path, true, (write) => write(bytes));
  await syncFolder(dirname(path));
}

/**
 * Makes the names in a folder durable: after creating or renaming a file, fsync(2) of the file
 * alone does not promise that its entry survives. Windows has no such call, and needs none.
 */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
