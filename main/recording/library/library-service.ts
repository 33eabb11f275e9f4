import { EventEmitter } from 'node:events';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import type {
  ExportFormat,
  LibraryEntry,
  LibraryJob,
  LibraryOverview,
  LibraryPage,
  LibraryQuery,
  QuotaPreview,
  TrackPictures,
} from '../../../protocol/recording-library.ts';
import type { UpdateRecordingRequest } from '../../../protocol/recordings.ts';
import { type Clock, isoTime } from '../../clock.ts';
import { exportForEditing, nothingApart } from '../editing/export-for-editing.ts';
import { freeFolder } from '../editing/free-folder.ts';
import { exportProgramme } from '../export/export-programme.ts';
import { exportName } from '../export/file-name.ts';
import { ffmpegMissing } from '../packaging/ffmpeg-missing.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { type JobControl, JobQueue } from './job-queue.ts';
import { hashStatusOf } from './library-index.ts';
import type { RecordingLibrary } from './recording-library.ts';

/** What goes next is shown this far. */
const SHOWN_GOING = 5;

export interface LibraryServiceOptions {
  library: RecordingLibrary;
  clock: Clock;
  ffmpegPath: string | undefined;
  /** Where exports go when nobody says otherwise; absolute. */
  exportFolder: () => string;
  /** What checks find is told and not remembered: the database is another studio's to write. */
  readOnly?: boolean;
}

/** What a person does with their recordings: find, check, export, keep and delete them. */
export class LibraryService extends EventEmitter<{ job: [LibraryJob] }> {
  readonly #library: RecordingLibrary;
  readonly #options: LibraryServiceOptions;
  readonly #jobs = new JobQueue();

  constructor(options: LibraryServiceOptions) {
    super();
    this.#library = options.library;
    this.#options = options;
    this.#jobs.on('changed', (job) => this.emit('job', job));
  }

  list(query: LibraryQuery): LibraryPage {
    const { total, recordingIds } = this.#library.index.find(query);
    return { total, entries: recordingIds.map((id) => this.entry(id)) };
  }

  /** Throws `recording-not-found`. */
  entry(recordingId: string): LibraryEntry {
    const { roomId, title, visibility, startedAtMs } = this.#library.require(recordingId);
    const status = this.#library.status(recordingId);
    const { hash, diskBytes } = this.#library.index.factsOf(recordingId);
    return {
      ...{ recordingId, roomId, title, visibility, hash },
      state: status.state,
      startedAt: isoTime(startedAtMs),
      durationMs: status.durationMs,
      sizeBytes: status.state === 'expired' ? 0 : (diskBytes ?? status.sizeBytes),
      retainUntil: status.retainUntil,
      pinned: status.pinned,
      recovered: status.recovered,
      ...(status.error !== undefined && { error: status.error }),
    };
  }

  /** What all recordings take, and what goes next. */
  async overview(): Promise<LibraryOverview> {
    const { bavail, bsize } = await statfs(this.#library.dir);
    const { quotaGb, retentionDays, heldUntilMs } = this.#library.limits();
    const goes = this.#library.nextToGo();
    return {
      ...this.#library.index.totals(),
      freeBytes: bavail * bsize,
      exportFolder: this.#options.exportFolder(),
      retentionDays,
      ...(quotaGb !== undefined && { quotaGb }),
      goesNext: goes.order
        .slice(0, SHOWN_GOING)
        .map(({ recordingId, title }) => ({ recordingId, title })),
      stillOverBytes: goes.stillOverBytes,
      ...(heldUntilMs > this.#options.clock() && { heldUntil: isoTime(heldUntilMs) }),
    };
  }

  /** What a quota would delete at once. */
  preview(quotaGb: number): QuotaPreview {
    const { goes } = this.#library.nextToGo(quotaGb);
    return {
      goes: goes.map(({ recordingId, title }) => ({ recordingId, title })),
      freesBytes: goes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
  }

  jobs(): LibraryJob[] {
    return this.#jobs.list();
  }

  /** Resolves when a job is over; `undefined` for one that is not known. */
  async over(jobId: string): Promise<LibraryJob | undefined> {
    return this.#jobs.over(jobId);
  }

  cancel(jobId: string): void {
    this.#jobs.cancel(jobId);
  }

  /**
   * Checks every byte, in the background. Throws `recording-not-found`, `recording-expired`, and
   * `recording-busy` for one that is not finished.
   */
  verify(recordingId: string): LibraryJob {
    const entry = this.#requireFinished(recordingId);
    return (
      this.#jobs.current('verify', recordingId) ??
      this.#addJob('verify', entry, async ({ signal, progress }) => {
        const report = await this.#library.verify(recordingId, { signal, progress });
        if (!this.#options.readOnly) return { hash: this.#library.remember(recordingId, report) };
        return { hash: hashStatusOf(report, this.#options.clock()) };
      })
    );
  }

  /**
   * Makes a plain MP4, in the background and one after the other. Throws as {@link verify} does,
   * and `ffmpeg-missing`.
   *
   * @param folder absolute; made where there is none
   */
  export(
    recordingId: string,
    format: ExportFormat,
    folder = this.#options.exportFolder(),
  ): LibraryJob {
    const entry = this.#requireFinished(recordingId);
    const { ffmpegPath } = this.#options;
    if (ffmpegPath === undefined) throw ffmpegMissing();
    return (
      this.#jobs.current('export', recordingId) ??
      this.#addJob('export', entry, async (control) => ({
        path: await exportProgramme({
          ...control,
          ...{ ffmpegPath, format, folder, title: entry.title, mimeType: entry.mimeType },
          dir: this.#library.folderOf(recordingId).path,
          chapters: this.#library.markers.chapters(recordingId),
          manifest: await this.#library.manifestOf(recordingId),
          keys: entry.visibility === 'public' ? undefined : this.#library.keysOf(entry),
        }),
      }))
    );
  }

  /**
   * Makes a folder with a file for each separate track, as {@link export} does. Rejects as it
   * throws, and with `recording-not-found` where nothing was kept apart.
   */
  async exportTracks(
    recordingId: string,
    pictures: TrackPictures,
    folder = this.#options.exportFolder(),
  ): Promise<LibraryJob> {
    const entry = this.#requireFinished(recordingId);
    const editable = await this.#library.editable(recordingId);
    if (editable.tracks.length === 0) throw nothingApart();
    const name = `${exportName(entry.title, isoTime(entry.startedAtMs))} tracks`;
    return this.#addJob('export', entry, async ({ signal, progress }) => {
      const path = await freeFolder(folder, name);
      await exportForEditing(editable, path, { video: pictures, signal, onProgress: progress });
      return { path };
    });
  }

  /**
   * Does something else with a recording, in the background and one after the other. Throws as
   * {@link verify} does.
   */
  work(
    kind: LibraryJob['kind'],
    recordingId: string,
    work: (control: JobControl) => Promise<void>,
  ): LibraryJob {
    const entry = this.#requireFinished(recordingId);
    return (
      this.#jobs.current(kind, recordingId) ??
      this.#addJob(kind, entry, async (control) => {
        await work(control);
        return {};
      })
    );
  }

  /** Throws `recording-not-found`, `recording-expired`, `validation-failed` for a time that is over. */
  update(recordingId: string, change: UpdateRecordingRequest): LibraryEntry {
    this.#library.update(this.#library.require(recordingId), change);
    return this.entry(recordingId);
  }

  /**
   * Deletes a recording now, pinned or not; its post says so. Throws `recording-not-found`, and
   * `recording-busy` while it is being made, checked or exported.
   */
  async delete(recordingId: string): Promise<void> {
    const entry = this.#library.require(recordingId);
    if (entry.state === 'expired') return;
    requireNotRunning(entry, 'Stop the recording before you delete it.');
    this.#library.requireIdle(recordingId);
    await this.#library.expire(entry);
  }

  /**
   * A folder with plain files of a recording: its own where it is public, else the one in which a
   * plain copy is made first, as a job; `undefined` where that comes to nothing, and the job says
   * why. What has no replay is shown as it lies on disk, to be looked into. Rejects with
   * `recording-not-found`, `recording-expired`, `ffmpeg-missing`.
   */
  async plainFolder(recordingId: string): Promise<string | undefined> {
    const { visibility, state } = this.#library.requireKept(recordingId);
    if (visibility === 'public' || state !== 'ready')
      return this.#library.folderOf(recordingId).path;
    const job = await this.over(this.export(recordingId, 'as-recorded').jobId);
    return job?.path && dirname(job.path);
  }

  /** Cancels jobs and waits until nothing runs. */
  async close(): Promise<void> {
    await this.#jobs.close();
  }

  #addJob(
    kind: LibraryJob['kind'],
    { recordingId, title }: CatalogueEntry,
    work: (control: JobControl) => Promise<Pick<LibraryJob, 'path' | 'hash'>>,
  ): LibraryJob {
    // Held from the asking on: what waits in the queue must not be deleted meanwhile.
    const letGo = this.#library.holds.take(recordingId);
    const job = this.#jobs.add({ kind, recordingId, title }, work);
    void this.#jobs.over(job.jobId).then(letGo);
    return job;
  }

  #requireFinished(recordingId: string): CatalogueEntry {
    const entry = this.#library.requireKept(recordingId);
    requireNotRunning(entry, 'This recording is not finished yet. Try again once it is.');
    return entry;
  }
}

function requireNotRunning({ state }: CatalogueEntry, sentence: string): void {
  if (state === 'recording' || state === 'finalizing') {
    throw new ProtocolError('recording-busy', sentence);
  }
}
