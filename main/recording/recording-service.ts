import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingStatus, UpdateRecordingRequest } from '../../protocol/recordings.ts';
import { isoTime } from '../clock.ts';
import type { Audience } from '../rendezvous/access.ts';
import type { EditableRecording } from './editing/export-for-editing.ts';
import type { SealedMedia } from './export/plain-media.ts';
import { deriveKeys, newRecordingSecret, wrapSecret } from './keys/recording-keys.ts';
import type { CatalogueEntry } from './library/catalogue.ts';
import { notFound, RecordingLibrary } from './library/recording-library.ts';
import { LiveControls } from './live/live-controls.ts';
import type { VerifyReport } from './manifest/verify-recording.ts';
import type { StoredFile } from './packaging/segment-store.ts';
import type { RecordingEvents } from './recording-events.ts';
import { type Ending, RecordingFinisher } from './recording-finisher.ts';
import type { RecordedRoom, RecordingServiceOptions } from './recording-options.ts';
import { RecordingSession } from './recording-session.ts';
import type { TrackJournals } from './tracks/track-journals.ts';
import { storageProblem } from './watch/storage-problem.ts';

export type { RecordedRoom, RecordingServiceOptions } from './recording-options.ts';

const WINDOW_GONE =
  'The host’s window was closed or broke off. Everything recorded until then is kept.';

/**
 * Keeps rooms on disk. Each slice is journalled before anything else happens to it; the replay is
 * made of the journal while the room is live, so it is ready when the recording stops, and after a
 * crash it is made of whatever the journal holds.
 */
export class RecordingService extends EventEmitter<RecordingEvents> {
  readonly #options: RecordingServiceOptions;
  /** All recordings, running or done. */
  readonly library: RecordingLibrary;
  readonly #finisher: RecordingFinisher;
  readonly #sessions = new Map<string, RecordingSession>();
  readonly #recordedRooms = new Set<string>();
  /** What may be done to a recording while it runs. */
  readonly live: LiveControls;

  #closing = false;

  private constructor(options: RecordingServiceOptions) {
    super();
    this.#options = options;
    this.library = new RecordingLibrary(options, {
      liveMedia: (recordingId) => this.#sessions.get(recordingId)?.media,
      tell: (roomId, status) => this.emit('changed', roomId, status),
    });
    this.#finisher = new RecordingFinisher(this.library, options);
    this.live = new LiveControls({
      ...options,
      library: this.library,
      sessions: this.#sessions,
      running: (recordingId) => this.#running(recordingId),
      stop: (recordingId) => this.stop(recordingId),
      paused: (roomId, paused) => this.emit('paused', roomId, paused),
      mustEnd: (roomId) => this.emit('mustEnd', roomId),
    });
  }

  /** Throws `storage-unwritable` or `storage-full` where the folder can't be made. */
  static async open(options: RecordingServiceOptions): Promise<RecordingService> {
    try {
      await mkdir(options.dir, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storageProblem(error, options.dir);
    }
    return new RecordingService(options);
  }

  /**
   * Begins a recording; it waits for slices. Throws `already-recording`, `ffmpeg-missing`,
   * `unsupported-media-type`, `storage-full`, `storage-unwritable`.
   */
  async start(room: RecordedRoom, mimeType: string): Promise<{ recordingId: string }> {
    requireCopyable(mimeType);
    await this.live.space.requireRoom();
    if (this.#recordedRooms.has(room.roomId)) {
      throw new ProtocolError('already-recording', 'This room is being recorded already.');
    }
    const secret = newRecordingSecret();
    const entry = this.#newEntry(room, mimeType, secret);
    const packaging = this.#finisher.packagingOf(entry, deriveKeys(secret));
    this.#recordedRooms.add(room.roomId);
    this.library.catalogue.add(entry, room.allowedUserIds, room.barredUserIds);
    try {
      await packaging.folder.create();
      const session = await RecordingSession.create(packaging, this.#options.clock, (trouble) => {
        if (!session.ended) this.emit('trouble', entry.roomId, trouble);
      });
      this.#sessions.set(entry.recordingId, session);
      this.live.space.start();
    } catch (error) {
      this.#recordedRooms.delete(room.roomId);
      this.library.catalogue.forget(entry.recordingId);
      throw error;
    }
    this.library.change(entry, {});
    return { recordingId: entry.recordingId };
  }

  /**
   * Resolves when the slice would survive a power cut. A repeated slice is acknowledged; a gap is
   * refused with `validation-failed`; after `storage-full` and `rate-limited` send it again.
   *
   * @param seq 0, 1, 2, …
   */
  async append(recordingId: string, seq: number, bytes: Uint8Array): Promise<void> {
    const session = this.#running(recordingId);
    if (await session.append(seq, bytes)) {
      this.emit('firstSlice', recordingId, this.library.require(recordingId).roomId);
    }
    const { writtenBytes, capturedMs } = session;
    this.emit('progress', { recordingId, writtenBytes, durationMs: capturedMs });
  }

  /**
   * The separate tracks of a recording that runs. Throws `recording-not-found` for one that does
   * not.
   */
  tracksOf(recordingId: string): TrackJournals {
    return this.#running(recordingId).tracks;
  }

  /** Throws `recording-not-found` for a recording that does not run. */
  requireRunning(recordingId: string): void {
    this.#running(recordingId);
  }

  /** Ends a recording; resolves when it is `ready` or `failed`. Idempotent. */
  async stop(recordingId: string): Promise<RecordingStatus> {
    const reason = this.#sessions.get(recordingId)?.endReason;
    return this.#end(recordingId, { recovered: false, ...(reason !== undefined && { reason }) });
  }

  /** The recorder gave up: what was written is finished, and the sentence kept beside it. */
  async fail(recordingId: string, reason: string): Promise<RecordingStatus> {
    return this.#end(recordingId, { recovered: true, reason });
  }

  /** Finishes all that run because their window is gone, and nobody else would stop them. */
  async finishAll(): Promise<void> {
    await this.#endAll({ recovered: true, reason: WINDOW_GONE });
  }

  /** Stops all that run, and ends work in the background, which the next start takes up. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#endAll({ recovered: false });
    await this.#finisher.close();
  }

  /** Resolves when all work in the background is done: replays checked, journals freed. */
  async settled(): Promise<void> {
    await this.#finisher.settled();
  }

  /**
   * To be called once at start: finishes what a crash left, tries again what failed, completes
   * deletions, and frees journals that are no longer needed.
   */
  async recover(): Promise<void> {
    const { catalogue } = this.library;
    const unfinished = (['recording', 'finalizing', 'failed'] as const)
      .flatMap((state) => catalogue.inState(state))
      .filter((entry) => !this.#sessions.has(entry.recordingId));
    const ready = catalogue.inState('ready');
    for (const entry of unfinished) {
      if (this.#closing) return;
      await this.#finisher.recover(entry);
    }
    for (const entry of catalogue.inState('expired')) {
      await this.library.completeDeletion(entry);
    }
    for (const entry of ready) this.#finisher.freeJournal(entry);
  }

  /** What {@link expireDue} would delete now, as far as can be foreseen. */
  planned(): { recordingId: string; title: string }[] {
    return [...this.library.due().entries, ...this.library.nextToGo().goes];
  }

  /**
   * Deletes what is due, then what the quota wants gone; never what is pinned or in use. Answers
   * the recordings' ids. What can't be deleted now is logged, and tried again at the next start.
   */
  async expireDue(): Promise<string[]> {
    const { entries, jumped } = this.library.due();
    if (jumped) {
      this.#options.logger.warn(
        { heldUntil: isoTime(this.library.limits().heldUntilMs) },
        'the clock has jumped ahead; nothing is deleted by date until then',
      );
    }
    const expired = await this.#expireAll(entries);
    if (this.library.limits().quotaGb === undefined) return expired;
    const { goes } = this.library.nextToGo();
    const over = goes.map(({ recordingId }) => this.library.require(recordingId));
    return [...expired, ...(await this.#expireAll(over))];
  }

  /** Somebody who joined the room later may see its recordings. */
  allow(roomId: string, userId: string): void {
    this.library.catalogue.allow(roomId, userId);
  }

  /** Somebody was banned from the room, or is not any more. */
  bar(roomId: string, userId: string, barred: boolean): void {
    this.library.catalogue.bar(roomId, userId, barred);
  }

  /** The room's latest recording, or the one of it that is named. */
  statusOfRoom(roomId: string, recordingId?: string): RecordingStatus | undefined {
    return this.library.statusOfRoom(roomId, recordingId);
  }

  /** A recording's state. Throws `recording-not-found`. */
  status(recordingId: string): RecordingStatus {
    return this.library.status(recordingId);
  }

  /** Who may see a recording; `undefined` for an unknown one. */
  audienceOf(recordingId: string): Audience | undefined {
    return this.library.audienceOf(recordingId);
  }

  /** The host of a room that was recorded, also long after the room is gone. */
  hostOfRoom(roomId: string): string | undefined {
    return this.library.catalogue.ofRoom(roomId)[0]?.hostUserId;
  }

  /** Where the files of a recording lie. */
  folderOf(recordingId: string): string {
    return this.library.folderOf(recordingId).path;
  }

  /**
   * Changes how long the room's latest recording, or the one of it that is named, is kept. Throws `recording-not-found`,
   * `recording-expired`, and `validation-failed` for a time that is over.
   */
  update(roomId: string, change: UpdateRecordingRequest, recordingId?: string): RecordingStatus {
    const [entry] = this.library.ofRoom(roomId, recordingId);
    if (!entry) throw notFound('This room was not recorded.');
    return this.library.update(entry, change);
  }

  /**
   * Deletes all recordings of a room or the one of it that is named, pinned ones too. Throws `recording-not-found`, and
   * `already-recording` while one runs, `recording-busy` while one is checked or exported.
   */
  async remove(roomId: string, recordingId?: string): Promise<void> {
    const entries = this.library.ofRoom(roomId, recordingId);
    if (entries.length === 0) throw notFound('This room was not recorded.');
    if (entries.some(({ recordingId }) => this.#isRunning(recordingId))) {
      throw new ProtocolError('already-recording', 'Stop the recording before you delete it.');
    }
    for (const { recordingId } of entries) this.library.requireIdle(recordingId);
    for (const entry of entries) {
      if (entry.state !== 'expired') await this.library.expire(entry);
    }
  }

  /**
   * The separate tracks of a recording, for `exportForEditing`. Throws `recording-not-found`,
   * `recording-expired`, `ffmpeg-missing`.
   */
  async editable(recordingId: string): Promise<EditableRecording> {
    return this.library.editable(recordingId);
  }

  /** Checks every byte of a finished recording. Throws `recording-not-found`, `recording-expired`. */
  async verify(recordingId: string): Promise<VerifyReport> {
    return this.library.verify(recordingId);
  }

  /**
   * The media files of a recording that may be served now, by name. Throws `recording-not-found`,
   * `recording-expired`, and `recording-damaged` when its manifest was changed.
   */
  async filesOf(recordingId: string): Promise<ReadonlyMap<string, StoredFile>> {
    return this.library.filesOf(recordingId);
  }

  /** Somebody watches a recording: it is not deleted because of a date or a quota meanwhile. */
  watched(recordingId: string): void {
    this.library.holds.watched(recordingId);
  }

  /**
   * What can be watched of a recording by now, and what opens it; `undefined` where that is
   * nothing yet. Throws as above.
   */
  async sealedMedia(recordingId: string): Promise<SealedMedia | undefined> {
    return this.library.sealedMedia(recordingId);
  }

  /** The 16 bytes that open its segments; `undefined` where they are not encrypted. Throws as above. */
  segmentKeyOf(recordingId: string): Uint8Array | undefined {
    const entry = this.library.requireWatchable(recordingId);
    return entry.visibility === 'public' ? undefined : this.library.keysOf(entry).segment;
  }

  async #expireAll(entries: readonly CatalogueEntry[]): Promise<string[]> {
    const expired: string[] = [];
    for (const entry of entries) {
      const { recordingId } = entry;
      try {
        await this.library.expire(entry);
        expired.push(recordingId);
      } catch (error) {
        this.#options.logger.error({ recordingId, err: error }, 'a recording could not be deleted');
      }
    }
    return expired;
  }

  async #endAll(ending: Ending): Promise<void> {
    const running = [...this.#sessions.keys()];
    await Promise.all(running.map((id) => this.#end(id, ending)));
  }

  async #end(recordingId: string, ending: Ending): Promise<RecordingStatus> {
    const running = this.#finisher.ending(recordingId);
    if (running) return running;
    const entry = this.library.require(recordingId);
    const session = this.#sessions.get(recordingId);
    if (!session) return this.library.status(recordingId);
    this.#recordedRooms.delete(entry.roomId);
    try {
      return await this.#finisher.conclude(entry, ending, () => session.finish());
    } finally {
      this.#sessions.delete(recordingId);
      session.close();
      if (this.#sessions.size === 0) this.live.space.rest();
    }
  }

  #running(recordingId: string): RecordingSession {
    const session = this.#sessions.get(recordingId);
    if (!session) throw notFound('This recording is not running. Start a new one.');
    return session;
  }

  #isRunning(recordingId: string): boolean {
    return this.#sessions.has(recordingId) || this.#finisher.ending(recordingId) !== undefined;
  }

  #newEntry(room: RecordedRoom, mimeType: string, secret: Uint8Array): CatalogueEntry {
    const recordingId = `rec_${nanoid(16)}`;
    return {
      recordingId,
      roomId: room.roomId,
      title: room.title,
      visibility: room.visibility,
      hostUserId: room.hostUserId,
      mimeType,
      wrappedSecret: wrapSecret(this.#options.masterKey, recordingId, secret),
      state: 'recording',
      startedAtMs: this.#options.clock(),
      retainUntilMs: undefined,
      pinned: false,
      downloadable: false,
      recovered: false,
      durationMs: 0,
      sizeBytes: 0,
      takeStartsMs: [],
      error: undefined,
    };
  }
}

/** Only what MP4 can hold is delivered, since nothing is ever encoded again. */
function requireCopyable(mimeType: string): void {
  if (!/vp8/i.test(mimeType)) return;
  throw new ProtocolError(
    'unsupported-media-type',
    'VP8 can not be delivered as MP4 segments. Record H.264, VP9 or AV1 instead.',
  );
}
