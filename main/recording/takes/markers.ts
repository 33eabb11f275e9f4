import type { DatabaseSync } from 'node:sqlite';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Chapter } from '../../../protocol/recordings.ts';
import { migrate } from '../../storage/database.ts';
import { chaptersOf, type Marker } from './chapters.ts';

const STEPS = [
  `CREATE TABLE recording_markers (
     marker_id INTEGER PRIMARY KEY AUTOINCREMENT,
     recording_id TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
     take INTEGER NOT NULL,
     take_ms REAL NOT NULL,
     label TEXT,
     start_ms INTEGER
   ) STRICT;
   CREATE INDEX markers_by_recording ON recording_markers (recording_id);`,
];

/** A recording takes this many: more make no table of contents. */
const MAX_MARKERS = 1000;

/** The moments that hosts marked in their recordings, in the studio's database. */
export class Markers {
  readonly #db: DatabaseSync;

  /** @param db one in which the catalogue's tables are already */
  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'recording-markers', STEPS);
  }

  /**
   * Marks a moment; it survives a power cut. Throws `rate-limited` past {@link MAX_MARKERS}.
   * @returns its id, and how many there are now
   */
  add(recordingId: string, at: { take: number; takeMs: number }) {
    const number = this.#of(recordingId).length + 1;
    if (number > MAX_MARKERS) {
      throw new ProtocolError('rate-limited', `A recording takes ${MAX_MARKERS} markers.`);
    }
    this.#db.exec('PRAGMA synchronous = FULL');
    try {
      const { lastInsertRowid } = this.#db
        .prepare('INSERT INTO recording_markers (recording_id, take, take_ms) VALUES (?, ?, ?)')
        .run(recordingId, at.take, at.takeMs);
      return { markerId: Number(lastInsertRowid), number };
    } finally {
      this.#db.exec('PRAGMA synchronous = NORMAL');
    }
  }

  /** Names a moment. Throws `recording-not-found` where there is no such marker. */
  label(recordingId: string, markerId: number, label: string): void {
    const { changes } = this.#db
      .prepare('UPDATE recording_markers SET label = ? WHERE recording_id = ? AND marker_id = ?')
      .run(label, recordingId, markerId);
    if (changes === 0) {
      throw new ProtocolError('recording-not-found', 'There is no such marker.');
    }
  }

  /** What {@link settle} settled. */
  chapters(recordingId: string): Chapter[] {
    return this.#db
      .prepare('SELECT * FROM recording_markers WHERE recording_id = ? ORDER BY marker_id')
      .all(recordingId)
      .flatMap(({ start_ms, label }, index) =>
        start_ms === null
          ? []
          : [{ startMs: Number(start_ms), title: String(label ?? `Marker ${index + 1}`) }],
      )
      .sort((a, b) => a.startMs - b.startMs);
  }

  /** Settles where the moments are in the replay, now that it is known where its takes are. */
  settle(recordingId: string, takeStartsMs: readonly number[], durationMs: number): Chapter[] {
    const chapters = chaptersOf(this.#of(recordingId), takeStartsMs, durationMs);
    const statement = this.#db.prepare(
      'UPDATE recording_markers SET start_ms = ? WHERE marker_id = ?',
    );
    for (const { markerId, startMs } of chapters) statement.run(startMs, markerId);
    return chapters.map(({ startMs, title }) => ({ startMs, title }));
  }

  #of(recordingId: string): Marker[] {
    return this.#db
      .prepare('SELECT * FROM recording_markers WHERE recording_id = ? ORDER BY marker_id')
      .all(recordingId)
      .map((row) => ({
        markerId: Number(row.marker_id),
        take: Number(row.take),
        takeMs: Number(row.take_ms),
        label: row.label === null ? undefined : String(row.label),
      }));
  }
}
