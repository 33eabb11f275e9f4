import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingTrouble } from '../../protocol/recording-trouble.ts';
import type { Clock } from '../clock.ts';
import { readJournal } from './journal/journal-reader.ts';
import { JournalWriter } from './journal/journal-writer.ts';
import type { RecordingKeys } from './keys/recording-keys.ts';
import { type PackagedMedia, Packager, type PackagerOptions } from './packaging/packager.ts';
import { SegmentStore } from './packaging/segment-store.ts';
import type { RecordingFolder } from './recording-folder.ts';
import { TakeClock } from './takes/take-clock.ts';
import { TrackJournals } from './tracks/track-journals.ts';
import { RecordingTroubles } from './watch/recording-troubles.ts';
import { SliceWatch } from './watch/slice-watch.ts';

/** What it takes to make a replay of a journal. */
export interface PackagingOptions {
  folder: RecordingFolder;
  keys: RecordingKeys;
  encrypted: boolean;
  ffmpegPath: string;
  logger: Logger;
  stallMs: number | undefined;
}

/** Slices of less time than this say little about a recording's size. */
const MEASURED_AFTER_MS = 10_000;

/** A recording that is being made: its journal, and the segments that follow from it. */
export class RecordingSession {
  /** What is amiss with it. */
  readonly troubles: RecordingTroubles;
  readonly journalPath: string;
  /** A sentence for the person when something has it end before the host does. */
  endReason: string | undefined;
  /** The participants' separate tracks, where the window hands them in. */
  readonly tracks: TrackJournals;
  readonly #journal: JournalWriter;
  readonly #packager: Packager;
  readonly #clock: Clock;
  readonly #watch: SliceWatch;
  readonly #takes = new TakeClock();
  readonly #stopped = new AbortController();
  readonly #closed = new AbortController();
  #packaging: Promise<PackagedMedia> | undefined;

  private constructor(
    journal: JournalWriter,
    options: PackagingOptions,
    clock: Clock,
    told: (trouble: RecordingTrouble | undefined) => void,
  ) {
    this.troubles = new RecordingTroubles(clock, told);
    this.journalPath = options.folder.journalPath;
    this.#journal = journal;
    this.#clock = clock;
    this.tracks = new TrackJournals(options.folder, options.keys, clock);
    this.#watch = new SliceWatch(this.troubles);
    this.#packager = createPackager(options, {
      stopped: this.#stopped.signal,
      follow: journal,
      interrupted: (now) => {
        if (now && !this.#stopped.signal.aborted) this.troubles.raise('packaging-restarting');
        else this.troubles.clear('packaging-restarting');
      },
    });
  }

  /**
   * Makes the journal. Throws `storage-full` or `storage-unwritable`.
   *
   * @param told hears what is amiss while the recording runs; `undefined` when all is well again
   */
  static async create(
    options: PackagingOptions,
    clock: Clock,
    told: (trouble: RecordingTrouble | undefined) => void = () => undefined,
  ): Promise<RecordingSession> {
    const journal = await JournalWriter.create(options.folder.journalPath, options.keys.journal);
    return new RecordingSession(journal, options, clock, told);
  }

  /** Bytes of the recorder's that lie safely on disk. */
  get writtenBytes(): number {
    return this.#journal.plainBytes;
  }

  /** From the first slice to the last one that is on disk, without what was paused. */
  get capturedMs(): number {
    return this.#takes.capturedMs;
  }

  /** What it takes on disk, journal, segments and tracks; `undefined` before there is enough to tell. */
  get bytesPerSecond(): number | undefined {
    if (this.capturedMs < MEASURED_AFTER_MS) return undefined;
    return ((2 * this.writtenBytes + this.tracks.writtenBytes) * 1000) / this.capturedMs;
  }

  /** What can be watched already. */
  get media(): Packager['media'] {
    return this.#packager.media;
  }

  /** See {@link JournalWriter.append}. Answers whether it was the first. */
  async append(seq: number, bytes: Uint8Array): Promise<boolean> {
    const capturedAtMs = this.#clock();
    await this.#watch.during(() => this.#journal.append(seq, bytes, capturedAtMs));
    this.#takes.noteSlice(bytes, capturedAtMs);
    if (this.#packaging) return false;
    this.#packaging = this.#packager.run();
    // `finish` reports it; until then nobody waits for it.
    this.#packaging.catch(() => undefined);
    return true;
  }

  get ended(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Aborted when nothing is served from here any more, see {@link close}. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  onEnd(listener: () => void): void {
    this.#stopped.signal.addEventListener('abort', listener, { once: true });
  }

  /** While it is paused no slices are missed. */
  setPaused(paused: boolean): void {
    this.#watch.setPaused(paused);
  }

  /** Ends the journal and waits until all of it is published. */
  async finish(): Promise<PackagedMedia> {
    this.#stopped.abort();
    this.#watch.end();
    await Promise.all([this.#journal.close(), this.tracks.close()]);
    if (!this.#packaging) throw nothingRecorded();
    return this.#packaging;
  }

  /** The replay on disk has taken its place, or there will be none. */
  close(): void {
    this.#closed.abort();
  }
}

/** Publishes a journal that nobody writes any more. */
export async function packageJournal(options: PackagingOptions): Promise<PackagedMedia> {
  if ((await options.folder.journalBytes()) === 0) throw nothingRecorded();
  return createPackager(options, { stopped: AbortSignal.abort() }).run();
}

function createPackager(
  options: PackagingOptions,
  run: Pick<PackagerOptions, 'stopped' | 'interrupted'> & { follow?: JournalWriter },
): Packager {
  const { folder, keys, encrypted, ffmpegPath, logger, stallMs } = options;
  const { follow, stopped, interrupted } = run;
  return new Packager({
    store: new SegmentStore(folder.path, encrypted ? keys : undefined),
    ffmpegPath,
    read: (signal) => readJournal({ path: folder.journalPath, key: keys.journal, follow, signal }),
    stopped,
    interrupted,
    logger,
    stallMs,
  });
}

function nothingRecorded(): ProtocolError {
  return new ProtocolError(
    'recording-not-found',
    'Nothing was recorded: it ended before the first picture arrived.',
  );
}
