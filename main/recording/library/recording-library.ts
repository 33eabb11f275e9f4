import { ProtocolError } from '../../../protocol/errors.ts';
import { BYTES_PER_GB, type HashStatus } from '../../../protocol/recording-library.ts';
import {
  DEFAULT_RETENTION_DAYS,
  type Manifest,
  type RecordingStatus,
  type UpdateRecordingRequest,
} from '../../../protocol/recordings.ts';
import type { Audience } from '../../rendezvous/access.ts';
import type { EditableRecording } from '../editing/export-for-editing.ts';
import type { SealedMedia } from '../export/plain-media.ts';
import { deriveKeys, type RecordingKeys, unwrapSecret } from '../keys/recording-keys.ts';
import { ManifestShelf } from '../manifest/manifest-shelf.ts';
import {
  type VerifyOptions,
  type VerifyReport,
  verifyRecording,
} from '../manifest/verify-recording.ts';
import { ffmpegMissing } from '../packaging/ffmpeg-missing.ts';
import { INIT_URI } from '../packaging/playlist.ts';
import type { PublishedMedia } from '../packaging/published-media.ts';
import type { StoredFile } from '../packaging/segment-store.ts';
import { RecordingFolder } from '../recording-folder.ts';
import type { RecordingServiceOptions } from '../recording-options.ts';
import { Markers } from '../takes/markers.ts';
import { readTakeStarts } from '../takes/read-take-starts.ts';
import type { TrackFile } from '../tracks/read-track.ts';
import { Catalogue, type CatalogueChange, type CatalogueEntry } from './catalogue.ts';
import { folderSize } from './folder-size.ts';
import { Holds } from './holds.ts';
import { LibraryIndex, type TitledCandidate } from './library-index.ts';
import { inOrderOfGoing, planForQuota } from './quota-policy.ts';
import { statusOf } from './recording-status.ts';
import { defaultRetainUntil, isDue } from './retention.ts';
import { RetentionWatch } from './retention-watch.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the library has to be told by whoever makes recordings. */
export interface LibraryLinks {
  /** What can be watched of a recording that is still being made. */
  liveMedia: (recordingId: string) => PublishedMedia | undefined;
  /** Hears of every change of a status. */
  tell: (roomId: string, status: RecordingStatus) => void;
}

/** What a quota means for the recordings as they are. */
export interface QuotaOutlook {
  /** To be deleted now. */
  goes: TitledCandidate[];
  /** Everything that may go for want of room, what goes first in front. */
  order: TitledCandidate[];
  /** Too much, with nothing left that may go. */
  stillOverBytes: number;
}

/** All recordings of a studio, running or done: what is known of them, and how long they stay. */
export class RecordingLibrary {
  readonly catalogue: Catalogue;
  readonly manifests: ManifestShelf;
  readonly markers: Markers;
  /** Finds recordings, and keeps what was found out about them. */
  readonly index: LibraryIndex;
  /** What must not go away because of a date or a quota. */
  readonly holds: Holds;
  readonly #retention: RetentionWatch;
  readonly #options: RecordingServiceOptions;
  readonly #links: LibraryLinks;

  constructor(options: RecordingServiceOptions, links: LibraryLinks) {
    this.catalogue = new Catalogue(options.db);
    this.markers = new Markers(options.db);
    this.index = new LibraryIndex(options.db);
    this.manifests = new ManifestShelf(options.signer.publicKey);
    this.#retention = new RetentionWatch(options.db);
    this.holds = new Holds(() => this.#steadyMs());
    this.#options = options;
    this.#links = links;
  }

  /** Holds a folder for each recording. */
  get dir(): string {
    return this.#options.dir;
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

  /** A room's recordings, newest first, or the one of them that is named. */
  ofRoom(roomId: string, recordingId?: string): CatalogueEntry[] {
    const entries = this.catalogue.ofRoom(roomId);
    if (recordingId === undefined) return entries;
    return entries.filter((entry) => entry.recordingId === recordingId);
  }

  /** The state of the first of them. */
  statusOfRoom(roomId: string, recordingId?: string): RecordingStatus | undefined {
    const [entry] = this.ofRoom(roomId, recordingId);
    return entry && this.#statusOf(entry);
  }

  audienceOf(recordingId: string): Audience | undefined {
    const audience = this.catalogue.audienceOf(recordingId);
    if (!audience || !this.#options.insidersOf) return audience;
    const insiderUserIds = this.#options.insidersOf(this.require(recordingId).roomId);
    return { ...audience, ...(insiderUserIds && { insiderUserIds }) };
  }

  /** Changes an entry and says so. */
  change(entry: CatalogueEntry, change: CatalogueChange): RecordingStatus {
    this.catalogue.update(entry.recordingId, change);
    const status = this.status(entry.recordingId);
    this.#links.tell(entry.roomId, status);
    return status;
  }

  /** Changes how long a recording is kept, and whether it may be downloaded. Throws as `RecordingService.update` does. */
  update(entry: CatalogueEntry, change: UpdateRecordingRequest): RecordingStatus {
    if (entry.state === 'expired') throw expired();
    const { pinned = entry.pinned, downloadable = entry.downloadable } = change;
    if (change.retainUntil === undefined) return this.change(entry, { pinned, downloadable });
    const retainUntilMs = Date.parse(change.retainUntil);
    if (retainUntilMs <= this.#options.clock()) {
      throw new ProtocolError(
        'validation-failed',
        'A recording can be kept until a time to come. To delete it now, use DELETE.',
        [{ path: 'retainUntil', message: 'must be in the future' }],
      );
    }
    return this.change(entry, { pinned, downloadable, retainUntilMs });
  }

  /** Until when a recording that ends now is kept. */
  retainUntilFromNow(): number {
    return defaultRetainUntil(this.#options.clock(), this.#retentionDays());
  }

  /** How much and how long is kept, and until when nothing is deleted by date after all. */
  limits(): { quotaGb: number | undefined; retentionDays: number; heldUntilMs: number } {
    return {
      quotaGb: this.#options.quotaGb?.(),
      retentionDays: this.#retentionDays(),
      heldUntilMs: this.#retention.heldUntilMs,
    };
  }

  /**
   * Recordings whose time is up and that nobody uses. None for as long as the clock can't be
   * believed, see `retention-clock.ts`; `jumped` when that was found out just now.
   */
  due(): { entries: CatalogueEntry[]; jumped: boolean } {
    const nowMs = this.#options.clock();
    const now = { wallMs: nowMs, steadyMs: this.#steadyMs() };
    const { jumped } = this.#retention.look(now, this.#retentionDays() * DAY_MS);
    if (nowMs < this.#retention.heldUntilMs) return { entries: [], jumped };
    const entries = this.catalogue
      .retainedUntil(nowMs)
      .filter(({ recordingId, state, pinned, retainUntilMs }) => {
        if (retainUntilMs === undefined || this.holds.isHeld(recordingId)) return false;
        return isDue({ state, pinned, retainUntilMs }, nowMs);
      });
    return { entries, jumped };
  }

  /** What the quota wants gone, what may go at all in its order, and what would still be too much. */
  nextToGo(quotaGb = this.#options.quotaGb?.()): QuotaOutlook {
    const nowMs = this.#options.clock();
    const candidates = this.index.candidates((recordingId) => this.holds.isHeld(recordingId));
    const order = inOrderOfGoing(candidates, nowMs);
    if (quotaGb === undefined) return { goes: [], order, stillOverBytes: 0 };
    const plan = planForQuota(candidates, quotaGb * BYTES_PER_GB, nowMs);
    return { goes: order.slice(0, plan.goes.length), order, stillOverBytes: plan.stillOverBytes };
  }

  /**
   * Deletes a recording: first the note of it, then the word to its post, then its files. A crash
   * in between leaves files behind, by which the next start knows that it has to do the rest.
   */
  async expire(entry: CatalogueEntry): Promise<void> {
    const folder = this.folderOf(entry.recordingId);
    this.manifests.forget(folder.path);
    this.change(entry, { state: 'expired' });
    await folder.remove();
  }

  /** Does the rest of a deletion that was cut off. */
  async completeDeletion(entry: CatalogueEntry): Promise<void> {
    if (await this.folderOf(entry.recordingId).exists()) await this.expire(entry);
  }

  /** See `RecordingService.verify`. */
  async verify(recordingId: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    const entry = this.requireKept(recordingId);
    const tracks = () => this.#tracksOf(entry);
    return this.verifyReplay(recordingId, { ...options, tracks, cutOff: entry.recovered });
  }

  /** As {@link verify}, without the separate tracks. */
  async verifyReplay(recordingId: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    const { publicKey } = this.#options.signer;
    return verifyRecording(this.folderOfKept(recordingId).path, publicKey, options);
  }

  /** Keeps what a check of a recording found. */
  remember(recordingId: string, report: VerifyReport): HashStatus {
    return this.index.rememberCheck(recordingId, report, this.#options.clock());
  }

  /** Keeps how much a recording takes on disk. */
  async measure(recordingId: string): Promise<void> {
    this.index.rememberSize(recordingId, await folderSize(this.folderOf(recordingId).path));
  }

  /** Throws `recording-damaged` for a manifest that was changed, or is missing. */
  async manifestOf(recordingId: string): Promise<Manifest> {
    return this.manifests.read(this.folderOfKept(recordingId).path);
  }

  /** See `RecordingService.filesOf`. */
  async filesOf(recordingId: string): Promise<ReadonlyMap<string, StoredFile>> {
    const { state } = this.requireWatchable(recordingId);
    if (state === 'ready') return this.manifests.filesOf(this.folderOf(recordingId).path);
    return this.#links.liveMedia(recordingId)?.files ?? new Map();
  }

  /** See `RecordingService.sealedMedia`. */
  async sealedMedia(recordingId: string): Promise<SealedMedia | undefined> {
    const entry = this.requireWatchable(recordingId);
    const isPublic = entry.visibility === 'public';
    const sealed = {
      dir: this.folderOf(recordingId).path,
      keys: isPublic ? undefined : this.keysOf(entry),
    };
    if (entry.state === 'ready') {
      return { ...sealed, manifest: await this.manifestOf(recordingId) };
    }
    const live = this.#links.liveMedia(recordingId);
    const init = live?.files.get(INIT_URI);
    if (!live || !init || live.segments.length === 0) return undefined;
    const encryption = isPublic ? ('none' as const) : ('AES-128' as const);
    return { ...sealed, manifest: { init, segments: [...live.segments], encryption } };
  }

  /** Throws `recording-not-found`, or `recording-expired` for one that was deleted. */
  requireKept(recordingId: string): CatalogueEntry {
    const entry = this.require(recordingId);
    if (entry.state === 'expired') throw expired();
    return entry;
  }

  /** Throws `recording-busy` while a person's work on it waits or runs. */
  requireIdle(recordingId: string): void {
    if (!this.holds.isTaken(recordingId)) return;
    throw new ProtocolError(
      'recording-busy',
      'This recording is being checked or exported. Wait for that or cancel it, then delete it.',
    );
  }

  /** Throws `recording-not-found` or `recording-expired` where nothing may be served. */
  requireWatchable(recordingId: string): CatalogueEntry {
    const entry = this.requireKept(recordingId);
    if (entry.state === 'ready' || this.#links.liveMedia(recordingId)) return entry;
    throw notFound(
      entry.error ?? 'There is nothing to watch of this recording yet. Try again in a moment.',
    );
  }

  /** See `RecordingService.editable`. */
  async editable(recordingId: string): Promise<EditableRecording> {
    const entry = this.require(recordingId);
    if (entry.state === 'expired') throw expired();
    const { ffmpegPath } = this.#options;
    if (!ffmpegPath) throw ffmpegMissing();
    const [tracks, takeStartsMs] = await Promise.all([
      this.#tracksOf(entry),
      this.takeStartsMs(entry),
    ]);
    return { recordingId, title: entry.title, tracks, takeStartsMs, ffmpegPath };
  }

  /** Where each take begins, in ms; read from the journal where its replay was not made yet. */
  async takeStartsMs(entry: CatalogueEntry): Promise<readonly number[]> {
    if (entry.takeStartsMs.length > 0) return entry.takeStartsMs;
    const folder = this.folderOf(entry.recordingId);
    if ((await folder.journalBytes()) === 0) return [];
    return readTakeStarts({ path: folder.journalPath, key: this.keysOf(entry).journal });
  }

  keysOf(entry: CatalogueEntry): RecordingKeys {
    const { masterKey } = this.#options;
    return deriveKeys(unwrapSecret(masterKey, entry.recordingId, entry.wrappedSecret));
  }

  folderOf(recordingId: string): RecordingFolder {
    return new RecordingFolder(this.#options.dir, recordingId);
  }

  /** Throws as {@link requireKept} does. */
  folderOfKept(recordingId: string): RecordingFolder {
    return this.folderOf(this.requireKept(recordingId).recordingId);
  }

  /** Asks for keys only where there are tracks. */
  async #tracksOf(entry: CatalogueEntry): Promise<TrackFile[]> {
    const folder = this.folderOf(entry.recordingId);
    const trackIds = await folder.trackIds();
    if (trackIds.length === 0) return [];
    const keys = this.keysOf(entry);
    return trackIds
      .sort()
      .map((trackId) => ({ path: folder.trackPath(trackId), key: keys.track(trackId) }));
  }

  #steadyMs(): number {
    return this.#options.steadyClock?.() ?? performance.now();
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
