import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest, ManifestFile } from '../../protocol/recordings.ts';
import { MANIFEST_NAME, readManifest } from './manifest.ts';
import { PLAYLIST_NAME, parsePlaylist } from './playlist.ts';
import { hashFile } from './segment-store.ts';

/** A file that is not what it should be. */
export interface VerifyProblem {
  file: string;
  reason: string;
}

export interface VerifyReport {
  ok: boolean;
  /** Files whose hashes were computed. */
  checkedFiles: number;
  problems: VerifyProblem[];
}

/**
 * Checks a finished recording in full: the manifest's signature, the playlist against it, and the
 * SHA-256 of every file. Reads every byte; only an aborted `signal` makes it throw.
 */
export async function verifyRecording(
  dir: string,
  publicKey: string,
  signal?: AbortSignal,
): Promise<VerifyReport> {
  const problems: VerifyProblem[] = [];
  const attempt = async <T>(file: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      problems.push({ file, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };
  let checkedFiles = 0;
  const manifest = await attempt(MANIFEST_NAME, async () =>
    readManifest(await readFile(join(dir, MANIFEST_NAME), 'utf8'), publicKey),
  );
  if (manifest) {
    await attempt(PLAYLIST_NAME, async () =>
      checkPlaylist(await readFile(join(dir, PLAYLIST_NAME), 'utf8'), manifest),
    );
    for (const file of [manifest.init, ...manifest.segments]) {
      await attempt(file.uri, () => checkFile(dir, file, signal));
      checkedFiles += 1;
    }
  }
  return { ok: problems.length === 0, checkedFiles, problems };
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
  // An absurd file is not read to its end only to find that it is absurd.
  const { size } = await stat(path);
  if (size !== file.sizeBytes) {
    throw new Error(`has ${size} bytes, the manifest says ${file.sizeBytes}`);
  }
  const { sha256 } = await hashFile(path, signal);
  if (sha256 !== file.sha256) throw new Error('its SHA-256 is not the one in the manifest');
}
