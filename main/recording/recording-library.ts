import { ProtocolError } from '../../protocol/errors.ts';
import {
  DEFAULT_RETENTION_DAYS,
  type RecordingStatus,
  type UpdateRecordingRequest,
} from '../../protocol/recordings.ts';
import type { Audience } from '../rendezvous/access.ts';
import { Catalogue, type CatalogueChange, type CatalogueEntry } from './catalogue.ts';
import { ManifestShelf } from './manifest-shelf.ts';
import { Markers } from './markers.ts';
import type { PublishedMedia } from './published-media.ts';
import { RecordingFolder } from './recording-folder.ts';
import { deriveKeys, type RecordingKeys, unwrapSecret } from './recording-keys.ts';
import type { RecordingServiceOptions } from './recording-options.ts';
import { statusOf } from './recording-status.ts';
import { defaultRetainUntil, isDue } from './retention.ts';
import type { StoredFile } from './segment-store.ts';
import { type VerifyReport, verifyRecording } from './verify-recording.ts';

/** What the library has to be told by whoever makes recordings. */
export interface LibraryLinks {
  /** What can be watched of a recording that is still being made. */
  liveMedia: (recordingId: string) => PublishedMedia | undefined;
  /** Hears of every change of a status. */
  tell: (roomId: string, status: RecordingStatus) => void;
}

/** All recordings of a studio, running or done: what is known of them, and how long they stay. */
export class RecordingLibrary {
  readonly catalogue: Catalogue;
  readonly manifests: ManifestShelf;
  readonly markers: Markers;
  readonly #options: RecordingServiceOptions;
  readonly #links: LibraryLinks;

  constructor(options: RecordingServiceOptions, links: LibraryLinks) {
    this.catalogue = new Catalogue(options.db);
    this.markers = new Markers(options.db);
    this.manifests = new ManifestShelf(options.signer.publicKey);
    this.#options = options;
    this.#links = links;
  }

  /** Throws `recording-not-found`. */
  require(recordingId: string): CatalogueEntry {
    const entry = this.catalogue.get(recordingId);
    if (!entry) throw notFound('There is no such recording.');
    return entry;
  }

  status(recordingId: string): RecordingStatus {
    return this.#statusOf(this.require(recordingId));
  }

  /** The room's latest recording. */
  statusOfRoom(roomId: string): RecordingStatus | undefined {
    const entry = this.catalogue.ofRoom(roomId)[0];
    return entry && this.#statusOf(entry);
  }

  audienceOf(recordingId: string): Audience | undefined {
    return this.catalogue.audienceOf(recordingId);
  }

  /** Changes an entry and says so. */
  change(entry: CatalogueEntry, change: CatalogueChange): RecordingStatus {
    this.catalogue.update(entry.recordingId, change);
    const status = this.status(entry.recordingId);
    this.#links.tell(entry.roomId, status);
    return status;
  }

  /** See `RecordingService.update`. */
  update(roomId: string, change: UpdateRecordingRequest): RecordingStatus {
    const entry = this.catalogue.ofRoom(roomId)[0];
    if (!entry) throw notFound('This room was not recorded.');
    if (entry.state === 'expired') throw expired();
    const pinned = change.pinned ?? entry.pinned;
    if (change.retainUntil === undefined) return this.change(entry, { pinned });
    const retainUntilMs = Date.parse(change.retainUntil);
    if (retainUntilMs <= this.#options.clock()) {
      throw new ProtocolError(
        'validation-failed',
        'A recording can be kept until a time to come. To delete it now, use DELETE.',
        [{ path: 'retainUntil', message: 'must be in the future' }],
      );
    }
    return this.change(entry, { pinned, retainUntilMs });
  }

  /** Until when a recording that ends now is kept. */
  retainUntilFromNow(): number {
    return defaultRetainUntil(this.#options.clock(), this.#retentionDays());
  }

  /** Recordings whose time is up. */
  due(): CatalogueEntry[] {
    return this.catalogue.inState('ready').filter(({ state, pinned, retainUntilMs }) => {
      if (retainUntilMs === undefined) return false;
      return isDue({ state, pinned, retainUntilMs }, this.#options.clock());
    });
  }

  /** Deletes a recording. The note of it comes first: the next start makes up for a crash between. */
  async expire(entry: CatalogueEntry): Promise<void> {
    const folder = this.folderOf(entry.recordingId);
    this.catalogue.update(entry.recordingId, { state: 'expired' });
    this.manifests.forget(folder.path);
    await folder.remove();
    this.change(entry, {});
  }

  /** See `RecordingService.verify`. */
  async verify(recordingId: string, signal?: AbortSignal): Promise<VerifyReport> {
    if (this.require(recordingId).state === 'expired') throw expired();
    const { publicKey } = this.#options.signer;
    return verifyRecording(this.folderOf(recordingId).path, publicKey, signal);
  }

  /** See `RecordingService.filesOf`. */
  async filesOf(recordingId: string): Promise<ReadonlyMap<string, StoredFile>> {
    const { state } = this.requireWatchable(recordingId);
    if (state === 'ready') return this.manifests.filesOf(this.folderOf(recordingId).path);
    return this.#links.liveMedia(recordingId)?.files ?? new Map();
  }

  /** Throws `recording-not-found` or `recording-expired` where nothing may be served. */
  requireWatchable(recordingId: string): CatalogueEntry {
    const entry = this.require(recordingId);
    if (entry.state === 'expired') throw expired();
    if (entry.state === 'ready' || this.#links.liveMedia(recordingId)) return entry;
    throw notFound(
      entry.error ?? 'There is nothing to watch of this recording yet. Try again in a moment.',
    );
  }

  keysOf(entry: CatalogueEntry): RecordingKeys {
    const { masterKey } = this.#options;
    return deriveKeys(unwrapSecret(masterKey, entry.recordingId, entry.wrappedSecret));
  }

  folderOf(recordingId: string): RecordingFolder {
    return new RecordingFolder(this.#options.dir, recordingId);
  }

  #statusOf(entry: CatalogueEntry): RecordingStatus {
    const isRunning = entry.state === 'recording' || entry.state === 'finalizing';
    const live = isRunning ? this.#links.liveMedia(entry.recordingId) : undefined;
    const chapters = this.markers.chapters(entry.recordingId);
    return {
      ...statusOf(entry, this.#retentionDays(), live),
      ...(chapters.length > 0 && { chapters }),
    };
  }

  #retentionDays(): number {
    return this.#options.retentionDays?.() ?? DEFAULT_RETENTION_DAYS;
  }
}

/** A `recording-not-found` with this sentence. */
export function notFound(sentence: string): ProtocolError {
  return new ProtocolError('recording-not-found', sentence);
}

function expired(): ProtocolError {
  return new ProtocolError(
    'recording-expired',
    'This recording was deleted; it can not be watched.',
  );
}
