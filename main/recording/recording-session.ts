import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { readJournal } from './journal-reader.ts';
import { JournalWriter } from './journal-writer.ts';
import { type PackagedMedia, Packager } from './packager.ts';
import type { RecordingFolder } from './recording-folder.ts';
import type { RecordingKeys } from './recording-keys.ts';
import { SegmentStore } from './segment-store.ts';

/** What it takes to make a replay of a journal. */
export interface PackagingOptions {
  folder: RecordingFolder;
  keys: RecordingKeys;
  encrypted: boolean;
  ffmpegPath: string;
  logger: Logger;
  stallMs: number | undefined;
}

/** A recording that is being made: its journal, and the segments that follow from it. */
export class RecordingSession {
  readonly #journal: JournalWriter;
  readonly #packager: Packager;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  #packaging: Promise<PackagedMedia> | undefined;
  #firstCaptureMs: number | undefined;
  #lastCaptureMs = 0;

  private constructor(journal: JournalWriter, options: PackagingOptions, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    this.#packager = createPackager(options, this.#stopped.signal, journal);
  }

  /** Makes the journal. Throws `storage-full` or `storage-unwritable`. */
  static async create(options: PackagingOptions, clock: Clock): Promise<RecordingSession> {
    const journal = await JournalWriter.create(options.folder.journalPath, options.keys.journal);
    return new RecordingSession(journal, options, clock);
  }

  /** Bytes of the recorder's that lie safely on disk. */
  get writtenBytes(): number {
    return this.#journal.plainBytes;
  }

  /** From the first slice to the last one that is on disk. */
  get capturedMs(): number {
    return this.#firstCaptureMs === undefined ? 0 : this.#lastCaptureMs - this.#firstCaptureMs;
  }

  /** What can be watched already. */
  get media(): Packager['media'] {
    return this.#packager.media;
  }

  /** See {@link JournalWriter.append}. Answers whether it was the first. */
  async append(seq: number, bytes: Uint8Array): Promise<boolean> {
    const capturedAtMs = this.#clock();
    await this.#journal.append(seq, bytes, capturedAtMs);
    this.#lastCaptureMs = Math.max(this.#lastCaptureMs, capturedAtMs);
    const first = this.#firstCaptureMs === undefined;
    if (first) {
      this.#firstCaptureMs = capturedAtMs;
      this.#packaging = this.#packager.run();
      // `finish` reports it; until then nobody waits for it.
      this.#packaging.catch(() => undefined);
    }
    return first;
  }

  /** Ends the journal and waits until all of it is published. */
  async finish(): Promise<PackagedMedia> {
    this.#stopped.abort();
    await this.#journal.close();
    if (!this.#packaging) throw nothingRecorded();
    return this.#packaging;
  }
}

/** Publishes a journal that nobody writes any more. */
export async function packageJournal(options: PackagingOptions): Promise<PackagedMedia> {
  if ((await options.folder.journalBytes()) === 0) throw nothingRecorded();
  return createPackager(options, AbortSignal.abort(), undefined).run();
}

function createPackager(
  options: PackagingOptions,
  stopped: AbortSignal,
  follow: JournalWriter | undefined,
): Packager {
  const { folder, keys, encrypted, ffmpegPath, logger, stallMs } = options;
  return new Packager({
    dir: folder.path,
    store: new SegmentStore(folder.path, encrypted ? keys : undefined),
    ffmpegPath,
    read: (signal) => readJournal({ path: folder.journalPath, key: keys.journal, follow, signal }),
    stopped,
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
