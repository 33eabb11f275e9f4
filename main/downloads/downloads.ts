import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { exportProgramme } from '../recording/export/export-programme.ts';
import { ffmpegMissing } from '../recording/packaging/ffmpeg-missing.ts';
import type { RecordingService } from '../recording/recording-service.ts';

/** A file that nobody has asked for so long is removed. */
export const KEPT_MS = 10 * 60_000;

/** A plain MP4 that is ready to be fetched. */
export interface DownloadFile {
  path: string;
  /** With its extension. */
  name: string;
  sizeBytes: number;
}

interface Made {
  file: Promise<DownloadFile>;
  usedAtMs: number;
  /** Being made, or sent to so many. */
  inUse: number;
  cancel: AbortController;
}

export interface DownloadsOptions {
  recordings: RecordingService;
  /** Absolute; emptied at the start, holds a folder for each file. */
  dir: string;
  ffmpegPath: string | undefined;
  clock: Clock;
  logger: Logger;
}

/**
 * Plain MP4s of recordings whose hosts let viewers have them: made when first asked for, one after
 * the other, and kept while somebody fetches them.
 */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #made = new Map<string, Made>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(options: DownloadsOptions) {
    this.#options = options;
    options.recordings.on('changed', (_roomId, { recordingId, downloadable, state }) => {
      if (state !== 'ready' || !downloadable) this.#forget(recordingId);
    });
  }

  /** Begins with nothing: what an earlier run left is removed. */
  static async open(options: DownloadsOptions): Promise<Downloads> {
    await rm(options.dir, { recursive: true, force: true });
    return new Downloads(options);
  }

  /**
   * Makes the file, or finds it. Rejects with `recording-not-found`, `recording-expired`,
   * `recording-damaged`, `forbidden` where its host allows no downloads, `ffmpeg-missing`, and
   * `storage-full` in words that are for viewers.
   */
  async file(recordingId: string): Promise<DownloadFile> {
    this.#requireAllowed(recordingId);
    const known = this.#made.get(recordingId);
    if (known) {
      known.usedAtMs = this.#options.clock();
      return known.file;
    }
    const cancel = new AbortController();
    const file = this.#queue.then(() => this.#make(recordingId, cancel.signal));
    const made = { file, cancel, usedAtMs: 0, inUse: 0 };
    this.#made.set(recordingId, made);
    const done = this.use(recordingId);
    this.#queue = file.then(done, () => {
      if (this.#made.get(recordingId) === made) this.#made.delete(recordingId);
    });
    return file;
  }

  /** Somebody fetches it: it stays until the returned function was called, and some time longer. */
  use(recordingId: string): () => void {
    const made = this.#made.get(recordingId);
    if (!made) return () => undefined;
    made.inUse += 1;
    return () => {
      made.inUse -= 1;
      made.usedAtMs = this.#options.clock();
    };
  }

  /** Removes what nobody has asked for lately. */
  sweep(): void {
    const unusedSince = this.#options.clock() - KEPT_MS;
    for (const [recordingId, { usedAtMs, inUse }] of this.#made) {
      if (inUse === 0 && usedAtMs <= unusedSince) this.#forget(recordingId);
    }
  }

  /** Resolves when nothing is being made or removed. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** Ends what is being made, and leaves no file behind. */
  async close(): Promise<void> {
    for (const { cancel } of this.#made.values()) cancel.abort(new Error('The studio is closing.'));
    await this.#queue;
    await rm(this.#options.dir, { recursive: true, force: true });
  }

  #requireAllowed(recordingId: string): void {
    const { library } = this.#options.recordings;
    const { state, downloadable } = library.requireWatchable(recordingId);
    if (state === 'ready' && downloadable) return;
    throw new ProtocolError('forbidden', 'Its host does not let viewers download this recording.');
  }

  async #make(recordingId: string, signal: AbortSignal): Promise<DownloadFile> {
    const { recordings, ffmpegPath } = this.#options;
    if (ffmpegPath === undefined) throw ffmpegMissing();
    const { library } = recordings;
    const entry = library.requireKept(recordingId);
    try {
      signal.throwIfAborted();
      // A live recording needs the room more.
      await recordings.live.space.requireRoom();
      const path = await exportProgramme({
        ...{ ffmpegPath, signal, title: entry.title, mimeType: entry.mimeType },
        dir: library.folderOf(recordingId).path,
        chapters: library.markers.chapters(recordingId),
        manifest: await library.manifestOf(recordingId),
        keys: entry.visibility === 'public' ? undefined : library.keysOf(entry),
        // Copied, not encoded: anybody who watches can ask for it.
        format: 'as-recorded',
        folder: this.#folderOf(recordingId),
        progress: () => undefined,
      });
      return { path, name: basename(path), sizeBytes: (await stat(path)).size };
    } catch (error) {
      await rm(this.#folderOf(recordingId), { recursive: true, force: true });
      // Deleted or forbidden meanwhile: that is why.
      this.#requireAllowed(recordingId);
      throw forViewers(error);
    }
  }

  #forget(recordingId: string): void {
    const made = this.#made.get(recordingId);
    if (!made) return;
    this.#made.delete(recordingId);
    made.cancel.abort(new Error('The download is not wanted any more.'));
    const remove = () => rm(this.#folderOf(recordingId), { recursive: true, force: true });
    // Before another one may be made in its place.
    this.#queue = this.#queue.then(remove).catch((err: unknown) => {
      this.#options.logger.warn({ err, recordingId }, 'a file for download could not be removed');
    });
  }

  #folderOf(recordingId: string): string {
    return join(this.#options.dir, recordingId);
  }
}

/** The host's folders are nobody else's business. */
function forViewers(error: unknown): unknown {
  if (!(error instanceof ProtocolError) || !error.code.startsWith('storage-')) return error;
  return Object.assign(
    new ProtocolError(
      error.code,
      'The host’s studio has no room to make the file now. Try again later.',
    ),
    { cause: error },
  );
}
