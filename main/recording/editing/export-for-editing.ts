import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { TrackPictures } from '../../../protocol/recording-library.ts';
import { syncFolder } from '../journal/durable-file.ts';
import { type BegunTrack, describeTrack, type TrackFile } from '../tracks/read-track.ts';
import { storageProblem } from '../watch/storage-problem.ts';
import { describeFolder } from './describe-folder.ts';
import { type ExportedTrack, exportTrack, READS_OF_A_TRACK } from './export-track.ts';

/** The separate tracks of a recording, for whoever exports them. */
export interface EditableRecording {
  recordingId: string;
  title: string;
  tracks: readonly TrackFile[];
  /** Where in the programme each take begins, in ms. */
  takeStartsMs: readonly number[];
  ffmpegPath: string;
}

export interface EditingOptions {
  /** Defaults to `editor`. */
  video?: TrackPictures;
  signal?: AbortSignal;
  /** From 0 to 1. */
  onProgress?(done: number): void;
}

/** What became of an export. */
export interface EditingFolder {
  files: string[];
  /** Tracks that could not be read; their journals stay where they are. */
  unreadable: { path: string; why: string }[];
}

/**
 * Makes a folder with a file for each separate track, all of which are in step when they are laid
 * at the start of an editor's timeline (pictures as received: where `timeline.otio` and
 * `tracks.json` say). The folder appears when it is complete; cut off or failed, nothing is left
 * of it; the folder above it must be there. Throws `validation-failed` where the folder exists,
 * `recording-not-found` where nothing was kept apart, `storage-full`, `storage-unwritable`, and the
 * signal's reason.
 */
export async function exportForEditing(
  recording: EditableRecording,
  folder: string,
  { video = 'editor', signal, onProgress }: EditingOptions = {},
): Promise<EditingFolder> {
  await requireFree(folder);
  const partial = `${folder}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const { tracks, unreadable } = await inOrder(recording.tracks);
    const progress = await progressOver(recording.tracks, onProgress);
    const exported: ExportedTrack[] = [];
    for (const track of tracks) {
      const made = await exportTrack({
        ...{ track, folder: partial, number: exported.length + 1, video, signal },
        ...{ ffmpegPath: recording.ffmpegPath, takeStartsMs: recording.takeStartsMs },
        onBytes: progress,
      });
      if (made) exported.push(made);
    }
    if (exported.length === 0) throw nothingApart();
    await describeFolder(partial, recording, exported, video);
    await rename(partial, folder);
    await syncFolder(dirname(folder));
    onProgress?.(1);
    return { files: exported.map(({ fileName }) => fileName), unreadable };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw storageProblem(error, dirname(folder));
  }
}

async function requireFree(folder: string): Promise<void> {
  try {
    await stat(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw storageProblem(error, folder);
  }
  throw new ProtocolError(
    'validation-failed',
    `${folder} exists already. Choose a new folder for the export.`,
    [{ path: 'folder', message: 'exists already' }],
  );
}

/** Tells how much of all reading is done. */
async function progressOver(
  tracks: readonly TrackFile[],
  onProgress: ((done: number) => void) | undefined,
): Promise<(bytes: number) => void> {
  const sizes = await Promise.all(tracks.map(async ({ path }) => (await stat(path)).size));
  const total = READS_OF_A_TRACK * sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  return (bytes) => {
    done += bytes;
    onProgress?.(Math.min(0.99, done / total));
  };
}

/** By person and kind, then by when they began. */
async function inOrder(files: readonly TrackFile[]) {
  const tracks: BegunTrack[] = [];
  const unreadable: EditingFolder['unreadable'] = [];
  for (const file of files) {
    try {
      tracks.push(await describeTrack(file));
    } catch (error) {
      if (!isDamaged(error)) throw error;
      unreadable.push({ path: file.path, why: error.message });
    }
  }
  tracks.sort(
    (a, b) =>
      a.description.name.localeCompare(b.description.name) ||
      a.description.peerId.localeCompare(b.description.peerId) ||
      a.description.kind.localeCompare(b.description.kind) ||
      a.begunAtMs - b.begunAtMs,
  );
  return { tracks, unreadable };
}

function isDamaged(error: unknown): error is ProtocolError {
  return error instanceof ProtocolError && error.code === 'recording-damaged';
}

/** A recording of which only the programme was kept. */
export function nothingApart(): ProtocolError {
  return new ProtocolError(
    'recording-not-found',
    'This recording has no separate tracks. Switch them on before you record.',
  );
}
