import { lstat, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DamagedFile } from '../../../protocol/recording-library.ts';
import type { Manifest, ManifestFile } from '../../../protocol/recordings.ts';
import { PLAYLIST_NAME, parsePlaylist } from '../packaging/playlist.ts';
import { hashFile } from '../packaging/segment-store.ts';
import { TRACKS_FOLDER } from '../recording-folder.ts';
import type { TrackFile } from '../tracks/read-track.ts';
import { type VerifyTrackOptions, verifyTrack } from '../tracks/verify-track.ts';
import { MANIFEST_NAME, readManifestFile } from './manifest.ts';

export interface VerifyReport {
  ok: boolean;
  /** The same of the replay alone, without separate tracks. */
  replayOk: boolean;
  /** Files whose hashes were computed. */
  checkedFiles: number;
  problems: DamagedFile[];
  /** Why the separate tracks were not looked at, where their keys can't be had from here. */
  tracksLeftOut?: string;
}

export interface VerifyOptions extends VerifyTrackOptions {
  /** Separate tracks to be read as well. `secrets-locked` leaves them out. */
  tracks?: () => Promise<TrackFile[]>;
  /** Told after each file: 0 to 1, by bytes. */
  progress?: (fraction: number) => void;
}

interface FileCheck {
  file: string;
  sizeBytes: number;
  check: () => Promise<void>;
}

/**
 * Checks a finished recording in full: the manifest's signature, the playlist against it, the
 * SHA-256 of every file, and each slice of the separate tracks. Reads every byte; only an aborted
 * `signal` makes it throw.
 */
export async function verifyRecording(
  dir: string,
  publicKey: string,
  { signal, progress, tracks, cutOff }: VerifyOptions = {},
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
  const manifest = await attempt(MANIFEST_NAME, () => readManifestFile(dir, publicKey));
  const checks: FileCheck[] = [];
  if (manifest) {
    await attempt(PLAYLIST_NAME, async () =>
      checkPlaylist(await readFile(join(dir, PLAYLIST_NAME), 'utf8'), manifest),
    );
    for (const file of [manifest.init, ...manifest.segments]) {
      const { uri, sizeBytes } = file;
      checks.push({ file: uri, sizeBytes, check: () => checkFile(dir, file, signal) });
    }
  }
  let tracksLeftOut: string | undefined;
  await attempt(TRACKS_FOLDER, async () => {
    try {
      checks.push(...(await trackChecks((await tracks?.()) ?? [], { signal, cutOff })));
    } catch (error) {
      if (!isLocked(error)) throw error;
      tracksLeftOut = error.message;
    }
  });
  const totalBytes = checks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let checkedBytes = 0;
  for (const { file, sizeBytes, check } of checks) {
    signal?.throwIfAborted();
    await attempt(file, check);
    checkedBytes += sizeBytes;
    progress?.(totalBytes === 0 ? 1 : checkedBytes / totalBytes);
  }
  return {
    ok: problems.length === 0,
    replayOk: problems.every(({ file }) => file.startsWith(TRACKS_FOLDER)),
    checkedFiles: checks.length,
    problems,
    ...(tracksLeftOut !== undefined && { tracksLeftOut }),
  };
}

async function trackChecks(
  tracks: readonly TrackFile[],
  options: VerifyTrackOptions,
): Promise<FileCheck[]> {
  return Promise.all(
    tracks.map(async (track) => {
      const found = await lstat(track.path);
      return {
        file: `${TRACKS_FOLDER}/${basename(track.path)}`,
        sizeBytes: found.size,
        async check() {
          if (!found.isFile()) throw new Error('is not a file');
          await verifyTrack(track, options);
        },
      };
    }),
  );
}

/** The system's key ring is out of reach. */
function isLocked(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'secrets-locked';
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
