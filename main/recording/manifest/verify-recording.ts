import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamagedFile } from '../../../protocol/recording-library.ts';
import type { Manifest, ManifestFile } from '../../../protocol/recordings.ts';
import { PLAYLIST_NAME, parsePlaylist } from '../packaging/playlist.ts';
import { hashFile } from '../packaging/segment-store.ts';
import { MANIFEST_NAME, readManifestFile } from './manifest.ts';

export interface VerifyReport {
  ok: boolean;
  /** Files whose hashes were computed. */
  checkedFiles: number;
  problems: DamagedFile[];
}

export interface VerifyOptions {
  signal?: AbortSignal;
  /** Told after each file: 0 to 1, by bytes. */
  progress?: (fraction: number) => void;
}

/**
 * Checks a finished recording in full: the manifest's signature, the playlist against it, and the
 * SHA-256 of every file. Reads every byte; only an aborted `signal` makes it throw.
 */
export async function verifyRecording(
  dir: string,
  publicKey: string,
  { signal, progress }: VerifyOptions = {},
): Promise<VerifyReport> {
  const problems: DamagedFile[] = [];
  const attempt = async <T>(file: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      problems.push({ file, reason: reasonOf(error).replace(`${file} is refused`, 'is refused') });
      return undefined;
    }
  };
  let checkedFiles = 0;
  let checkedBytes = 0;
  const manifest = await attempt(MANIFEST_NAME, () => readManifestFile(dir, publicKey));
  if (manifest) {
    await attempt(PLAYLIST_NAME, async () =>
      checkPlaylist(await readFile(join(dir, PLAYLIST_NAME), 'utf8'), manifest),
    );
    for (const file of [manifest.init, ...manifest.segments]) {
      signal?.throwIfAborted();
      await attempt(file.uri, () => checkFile(dir, file, signal));
      checkedFiles += 1;
      checkedBytes += file.sizeBytes;
      progress?.(checkedBytes / manifest.sizeBytes);
    }
  }
  return { ok: problems.length === 0, checkedFiles, problems };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'is missing' : error.message;
}

/** Throws with the first way in which a finished playlist and its manifest disagree. */
export function checkPlaylist(text: string, manifest: Manifest): void {
  const { entries, ended } = parsePlaylist(text);
  if (!ended) throw new Error('the playlist is not closed');
  if (entries.length !== manifest.segments.length) {
    throw new Error(
      `the playlist lists ${entries.length} segments, the manifest ${manifest.segments.length}`,
    );
  }
  for (const [index, segment] of manifest.segments.entries()) {
    const entry = entries[index];
    if (entry?.uri !== segment.uri || Math.abs(entry.durationMs - segment.durationMs) > 0.001) {
      throw new Error(`the playlist differs from the manifest at ${segment.uri}`);
    }
  }
}

async function checkFile(dir: string, file: ManifestFile, signal?: AbortSignal): Promise<void> {
  const path = join(dir, file.uri);
  // An absurd file is not read to its end only to find that it is absurd, and a link in its place
  // would lead out of the folder.
  const found = await lstat(path);
  if (!found.isFile()) throw new Error('is not a file');
  const { size } = found;
  if (size !== file.sizeBytes) {
    throw new Error(`has ${size} bytes, the manifest says ${file.sizeBytes}`);
  }
  const { sha256 } = await hashFile(path, signal);
  if (sha256 !== file.sha256) throw new Error('its SHA-256 is not the one in the manifest');
}
