import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LibraryService } from '../../../main/recording/library/library-service.ts';
import type {
  RecordedRoom,
  RecordingServiceOptions,
} from '../../../main/recording/recording-service.ts';
import type { LibraryJob } from '../../../protocol/recording-library.ts';
import { room } from './recorded-room.ts';
import { openRecordings, record } from './studio-fixture.ts';

/** A studio's recordings with the library over them, closed when the test ends. */
export async function openLibrary(overrides: Partial<RecordingServiceOptions> = {}) {
  const fixture = await openRecordings(overrides);
  const exportFolder = join(fixture.dataDir, 'exports');
  const library = new LibraryService({
    library: fixture.recordings.library,
    clock: () => fixture.clock.nowMs,
    ffmpegPath: fixture.options.ffmpegPath,
    exportFolder: () => exportFolder,
  });
  onTestFinished(() => library.close());
  return { ...fixture, library, exportFolder };
}

/** A finished recording in a library of its own. */
export async function recorded(
  slices: readonly Uint8Array[],
  of: Partial<RecordedRoom> = {},
  overrides: Partial<RecordingServiceOptions> = {},
) {
  const fixture = await openLibrary(overrides);
  const id = await record(fixture.recordings, slices, room(of));
  await fixture.recordings.stop(id);
  await fixture.recordings.settled();
  return { ...fixture, id, folder: fixture.folderOf(id) };
}

/** The job once it is over. */
export async function over(library: LibraryService, { jobId }: LibraryJob): Promise<LibraryJob> {
  const job = await library.over(jobId);
  if (!job) throw new Error('The library does not know this job.');
  return job;
}
