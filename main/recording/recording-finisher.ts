import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { RecordingKeys } from './keys/recording-keys.ts';
import type { CatalogueEntry } from './library/catalogue.ts';
import type { RecordingLibrary } from './library/recording-library.ts';
import { ffmpegMissing } from './packaging/ffmpeg-missing.ts';
import { durationOf, finishRecording } from './packaging/finish-recording.ts';
import type { PackagedMedia } from './packaging/packager.ts';
import type { RecordingServiceOptions } from './recording-options.ts';
import { type PackagingOptions, packageJournal } from './recording-session.ts';
import { storageProblem } from './watch/storage-problem.ts';

/** How a recording came to its end. */
export interface Ending {
  /** By a crash or other trouble, not by Stop or a studio that closes in order. */
  recovered: boolean;
  /** A sentence for the person when something went wrong. */
  reason?: string;
}

/** Brings recordings from the end of their journal to `ready`: after a stop, and after a crash. */
export class RecordingFinisher {
  readonly #library: RecordingLibrary;
  readonly #options: RecordingServiceOptions;
  readonly #logger: Logger;
  readonly #endings = new Map<string, Promise<RecordingStatus>>();
  #chores: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(library: RecordingLibrary, options: RecordingServiceOptions) {
    this.#library = library;
    this.#options = options;
    this.#logger = options.logger;
  }

  /** The end of a recording, while it is under way. */
  ending(recordingId: string): Promise<RecordingStatus> | undefined {
    return this.#endings.get(recordingId);
  }

  /** Resolves with `ready` or `failed`: what goes wrong with a recording is told in its status. */
  conclude(
    entry: CatalogueEntry,
    ending: Ending,
    packaged: () => Promise<PackagedMedia>,
  ): Promise<RecordingStatus> {
    const end = this.#conclude(entry, ending, packaged).finally(() =>
      this.#endings.delete(entry.recordingId),
    );
    this.#endings.set(entry.recordingId, end);
    return end;
  }

  /** Finishes what a crash left of a recording, or tries again what failed. */
  async recover(entry: CatalogueEntry): Promise<void> {
    const folder = this.#library.folderOf(entry.recordingId);
    if (entry.state === 'failed' && (await folder.journalBytes()) === 0) return;
    // A crash between the manifest and the catalogue's note of it left nothing to do.
    if ((await this.#library.verifyReplay(entry.recordingId)).ok) {
      const manifest = await this.#library.manifests.read(folder.path);
      const takeStartsMs = await this.#library.takeStartsMs(entry);
      this.#library.catalogue.update(entry.recordingId, { takeStartsMs });
      this.#becomeReady(entry, { ...manifest, recovered: true, error: undefined });
      return;
    }
    await this.conclude(entry, { recovered: true }, () => this.#packageAgain(entry));
  }

  /**
   * In the background: once every byte of the replay has been read back and is right, its journal
   * is a mere copy and goes; where one is wrong, the replay is made again of the journal.
   */
  freeJournal(entry: CatalogueEntry): void {
    this.#inBackground(entry, 'the journal could not be freed', () => this.#freeJournal(entry));
  }

  /** Resolves when nothing is left to do in the background. */
  async settled(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#chores; await last)
      last = this.#chores;
  }

  /** Ends work in the background; the next start takes it up. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The studio is closing.'));
    await this.#chores;
  }

  /** What ffmpeg and the journal need to know. Throws `ffmpeg-missing`. */
  packagingOf(entry: CatalogueEntry, keys: RecordingKeys): PackagingOptions {
    const { ffmpegPath, stallMs } = this.#options;
    if (!ffmpegPath) throw ffmpegMissing();
    return {
      folder: this.#library.folderOf(entry.recordingId),
      keys,
      encrypted: entry.visibility !== 'public',
      ffmpegPath,
      logger: this.#logger.child(logged(entry)),
      stallMs,
    };
  }

  async #conclude(
    entry: CatalogueEntry,
    { recovered, reason }: Ending,
    packaged: () => Promise<PackagedMedia>,
  ): Promise<RecordingStatus> {
    this.#library.change(entry, { state: 'finalizing', recovered, error: reason });
    const folder = this.#library.folderOf(entry.recordingId);
    try {
      const media = await packaged();
      const durationMs = durationOf(media.segments);
      const { markers, catalogue } = this.#library;
      const { takeStartsMs } = media;
      const chapters = markers.settle(entry.recordingId, takeStartsMs, durationMs);
      catalogue.update(entry.recordingId, { takeStartsMs });
      // A folder that is stolen shows nothing of a recording that is not public.
      const isPublic = entry.visibility === 'public';
      const manifest = await finishRecording({
        ...entry,
        title: isPublic ? entry.title : '',
        ...{ dir: folder.path, media, chapters: isPublic ? chapters : [] },
        signer: this.#options.signer,
      });
      if (media.journal.damagedSeqs.length > 0 || media.journal.unreadableBytes > 0) {
        this.#logger.error({ ...logged(entry), ...media.journal }, 'the journal is damaged');
        await folder.keepDamagedJournal();
      }
      return this.#becomeReady(entry, manifest);
    } catch (error) {
      this.#logger.error({ ...logged(entry), err: error }, 'the recording failed');
      const sentence = failureSentence(storageProblem(error, folder.path));
      const both = reason ? `${reason} ${sentence}` : sentence;
      this.#inBackground(entry, 'what is left could not be measured', () =>
        this.#library.measure(entry.recordingId),
      );
      return this.#library.change(entry, { state: 'failed', error: both });
    }
  }

  /** One after the other: a start with ten thousand recordings is not to read them all at once. */
  #inBackground(entry: CatalogueEntry, problem: string, work: () => Promise<void>): void {
    const { signal } = this.#closing;
    this.#chores = this.#chores.then(async () => {
      if (signal.aborted) return;
      try {
        await work();
      } catch (error) {
        if (signal.aborted) return;
        this.#logger.error({ ...logged(entry), err: error }, problem);
      }
    });
  }

  #becomeReady(
    entry: CatalogueEntry,
    outcome: Pick<CatalogueEntry, 'durationMs' | 'sizeBytes'> &
      Partial<Pick<CatalogueEntry, 'recovered' | 'error'>>,
  ): RecordingStatus {
    const { durationMs, sizeBytes } = outcome;
    const chosen = this.#library.require(entry.recordingId).retainUntilMs;
    const status = this.#library.change(entry, {
      ...('recovered' in outcome && { recovered: outcome.recovered, error: outcome.error }),
      ...{ state: 'ready', durationMs, sizeBytes },
      retainUntilMs: chosen ?? this.#library.retainUntilFromNow(),
    });
    this.freeJournal(entry);
    return status;
  }

  async #packageAgain(entry: CatalogueEntry): Promise<PackagedMedia> {
    return packageJournal(this.packagingOf(entry, this.#library.keysOf(entry)));
  }

  async #freeJournal(entry: CatalogueEntry): Promise<void> {
    const { recordingId } = entry;
    const folder = this.#library.folderOf(recordingId);
    if ((await folder.journalBytes()) === 0) {
      const measured = this.#library.index.factsOf(recordingId).diskBytes !== undefined;
      if (!measured) await this.#library.measure(recordingId);
      return;
    }
    const { signal } = this.#closing;
    const report = await this.#library.verify(recordingId, { signal });
    if (this.#library.require(recordingId).state !== 'ready') return;
    this.#library.remember(recordingId, report);
    if (report.replayOk) {
      await folder.removeJournal();
      await this.#library.measure(recordingId);
      return;
    }
    this.#logger.error({ ...logged(entry), ...report }, 'the replay is damaged and made again');
    this.#library.manifests.forget(folder.path);
    await this.conclude(entry, { recovered: true }, () => this.#packageAgain(entry));
  }
}

function failureSentence(error: unknown): string {
  if (error instanceof ProtocolError) return error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return `The replay could not be made: ${reason} What was recorded is kept; the studio tries again at its next start.`;
}

function logged(entry: CatalogueEntry) {
  return { recordingId: entry.recordingId, roomId: entry.roomId };
}
