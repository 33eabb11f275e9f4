import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { RecordingState } from '../../../protocol/recordings.ts';
import { Visibility } from '../../../protocol/rooms.ts';
import type { Audience } from '../../rendezvous/access.ts';
import { inTransaction, migrate } from '../../storage/database.ts';

const STEPS = [
  `CREATE TABLE recordings (
     recording_id TEXT PRIMARY KEY,
     room_id TEXT NOT NULL,
     title TEXT NOT NULL,
     visibility TEXT NOT NULL,
     host_user_id TEXT NOT NULL,
     mime_type TEXT NOT NULL,
     wrapped_secret BLOB NOT NULL,
     state TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     retain_until INTEGER,
     pinned INTEGER NOT NULL DEFAULT 0,
     recovered INTEGER NOT NULL DEFAULT 0,
     duration_ms REAL NOT NULL DEFAULT 0,
     size_bytes INTEGER NOT NULL DEFAULT 0,
     error TEXT
   ) STRICT;
   CREATE INDEX recordings_by_room ON recordings (room_id, started_at);
   CREATE INDEX recordings_by_state ON recordings (state, retain_until);
   CREATE TABLE recording_audience (
     recording_id TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
     user_id TEXT NOT NULL,
     PRIMARY KEY (recording_id, user_id)
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE recordings ADD COLUMN take_starts TEXT NOT NULL DEFAULT '[]'`,
  `CREATE TABLE recording_bars (
     recording_id TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
     user_id TEXT NOT NULL,
     PRIMARY KEY (recording_id, user_id)
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE recordings ADD COLUMN downloadable INTEGER NOT NULL DEFAULT 0`,
];

/** What is remembered of a recording, from before its first byte until after its deletion. */
export interface CatalogueEntry {
  recordingId: string;
  roomId: string;
  title: string;
  visibility: Visibility;
  hostUserId: string;
  mimeType: string;
  wrappedSecret: Uint8Array;
  state: RecordingState;
  /** Milliseconds since the epoch, as all times here. */
  startedAtMs: number;
  /** Absent until somebody chose it or the recording ended. */
  retainUntilMs: number | undefined;
  pinned: boolean;
  /** Its audience may have it as a file. */
  downloadable: boolean;
  recovered: boolean;
  durationMs: number;
  sizeBytes: number;
  /** Where each of its takes begins, in ms; empty until its replay was made. */
  takeStartsMs: readonly number[];
  error: string | undefined;
}

/** What may change after a recording was entered. */
export type CatalogueChange = Partial<
  Pick<
    CatalogueEntry,
    | 'state'
    | 'retainUntilMs'
    | 'pinned'
    | 'downloadable'
    | 'recovered'
    | 'durationMs'
    | 'sizeBytes'
    | 'takeStartsMs'
    | 'error'
  >
>;

/** The studio's recordings, in its database. */
export class Catalogue {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'recording', STEPS);
  }

  /**
   * Enters a recording before its first byte is written, and survives a power cut from then on:
   * without its wrapped secret a journal is noise.
   */
  add(
    entry: CatalogueEntry,
    allowedUserIds: readonly string[],
    barredUserIds: readonly string[] = [],
  ): void {
    this.#db.exec('PRAGMA synchronous = FULL');
    try {
      inTransaction(this.#db, () => {
        this.#db
          .prepare(
            `INSERT INTO recordings (recording_id, room_id, title, visibility, host_user_id,
               mime_type, wrapped_secret, state, started_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(
            ...[entry.recordingId, entry.roomId, entry.title, entry.visibility, entry.hostUserId],
            ...[entry.mimeType, entry.wrappedSecret, entry.state, entry.startedAtMs],
          );
        for (const userId of allowedUserIds) this.allow(entry.roomId, userId);
        for (const userId of barredUserIds) this.bar(entry.roomId, userId, true);
      });
    } finally {
      this.#db.exec('PRAGMA synchronous = NORMAL');
    }
  }

  get(recordingId: string): CatalogueEntry | undefined {
    const row = this.#db
      .prepare('SELECT * FROM recordings WHERE recording_id = ?')
      .get(recordingId);
    return row && toEntry(row);
  }

  /** A room's recordings, the latest first. */
  ofRoom(roomId: string): CatalogueEntry[] {
    return this.#db
      .prepare('SELECT * FROM recordings WHERE room_id = ? ORDER BY started_at DESC, rowid DESC')
      .all(roomId)
      .map(toEntry);
  }

  /** Recordings in a state, the oldest first. */
  inState(state: RecordingState): CatalogueEntry[] {
    return this.#db
      .prepare('SELECT * FROM recordings WHERE state = ? ORDER BY started_at, rowid')
      .all(state)
      .map(toEntry);
  }

  /** What may be past its date at this moment, the first to go first. */
  retainedUntil(nowMs: number): CatalogueEntry[] {
    return this.#db
      .prepare(
        `SELECT * FROM recordings WHERE state = 'ready' AND retain_until <= ?
         ORDER BY retain_until, rowid`,
      )
      .all(nowMs)
      .map(toEntry);
  }

  update(recordingId: string, change: CatalogueChange): void {
    const entry = this.get(recordingId);
    if (!entry) return;
    const next = { ...entry, ...change };
    this.#db
      .prepare(
        `UPDATE recordings SET state = ?, retain_until = ?, pinned = ?, recovered = ?,
           duration_ms = ?, size_bytes = ?, take_starts = ?, error = ?,
           downloadable = ? WHERE recording_id = ?`,
      )
      .run(
        ...[next.state, next.retainUntilMs ?? null, Number(next.pinned), Number(next.recovered)],
        ...[next.durationMs, next.sizeBytes, JSON.stringify(next.takeStartsMs)],
        ...[next.error ?? null, Number(next.downloadable), recordingId],
      );
  }

  /** Forgets a recording that never came to be. */
  forget(recordingId: string): void {
    this.#db.prepare('DELETE FROM recordings WHERE recording_id = ?').run(recordingId);
  }

  /** Lets somebody see all recordings of a room. */
  allow(roomId: string, userId: string): void {
    this.#db
      .prepare(
        `INSERT INTO recording_audience SELECT recording_id, ? FROM recordings WHERE room_id = ?
         ON CONFLICT DO NOTHING`,
      )
      .run(userId, roomId);
  }

  /** Keeps somebody from the recordings of a room, whoever let them in; or does so no longer. */
  bar(roomId: string, userId: string, barred: boolean): void {
    const change = barred
      ? `INSERT INTO recording_bars SELECT recording_id, ? FROM recordings WHERE room_id = ?
         ON CONFLICT DO NOTHING`
      : `DELETE FROM recording_bars WHERE user_id = ? AND recording_id IN
         (SELECT recording_id FROM recordings WHERE room_id = ?)`;
    this.#db.prepare(change).run(userId, roomId);
  }

  audienceOf(recordingId: string): Audience | undefined {
    const entry = this.get(recordingId);
    if (!entry) return undefined;
    const usersIn = (table: 'recording_audience' | 'recording_bars') =>
      new Set(
        this.#db
          .prepare(`SELECT user_id FROM ${table} WHERE recording_id = ?`)
          .all(recordingId)
          .map((row) => String(row.user_id)),
      );
    return {
      visibility: entry.visibility,
      hostUserId: entry.hostUserId,
      allowedUserIds: usersIn('recording_audience'),
      barredUserIds: usersIn('recording_bars'),
    };
  }
}

function toEntry(row: Record<string, SQLOutputValue>): CatalogueEntry {
  return {
    recordingId: String(row.recording_id),
    roomId: String(row.room_id),
    title: String(row.title),
    visibility: Visibility.parse(row.visibility),
    hostUserId: String(row.host_user_id),
    mimeType: String(row.mime_type),
    wrappedSecret: row.wrapped_secret as Uint8Array,
    state: RecordingState.parse(row.state),
    startedAtMs: Number(row.started_at),
    retainUntilMs: row.retain_until === null ? undefined : Number(row.retain_until),
    pinned: row.pinned === 1,
    downloadable: row.downloadable === 1,
    recovered: row.recovered === 1,
    durationMs: Number(row.duration_ms),
    sizeBytes: Number(row.size_bytes),
    takeStartsMs: JSON.parse(String(row.take_starts)),
    error: row.error === null ? undefined : String(row.error),
  };
}
