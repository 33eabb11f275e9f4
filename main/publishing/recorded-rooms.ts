import type { DatabaseSync } from 'node:sqlite';
import type { RecordedRoom } from '../feed/stream-posts.ts';
import { migrate } from '../storage/database.ts';

const STEPS = [
  `CREATE TABLE recorded_rooms (
     room_id TEXT PRIMARY KEY,
     room TEXT NOT NULL
   ) STRICT`,
];

/**
 * What the feed has to know of a room to write its replay's post, kept from the recording's start:
 * after a crash the room itself is gone, and its post is still to be written.
 */
export class RecordedRooms {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'publishing', STEPS);
  }

  remember(room: RecordedRoom): void {
    this.#db
      .prepare(
        `INSERT INTO recorded_rooms (room_id, room) VALUES (?, ?)
         ON CONFLICT (room_id) DO UPDATE SET room = excluded.room`,
      )
      .run(room.roomId, JSON.stringify(room));
  }

  get(roomId: string): RecordedRoom | undefined {
    const row = this.#db.prepare('SELECT room FROM recorded_rooms WHERE room_id = ?').get(roomId);
    return row && (JSON.parse(String(row.room)) as RecordedRoom);
  }
}
