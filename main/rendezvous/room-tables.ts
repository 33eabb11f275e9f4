import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Row } from './room-rows.ts';

/** The schema of kept rooms, see `migrate`. */
export const ROOM_STEPS = [
  `CREATE TABLE rooms (
     room_id TEXT PRIMARY KEY,
     host_user_id TEXT NOT NULL,
     host_handle TEXT NOT NULL,
     host_display_name TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     capacity INTEGER NOT NULL,
     context TEXT NOT NULL,
     project_id TEXT,
     title TEXT NOT NULL,
     visibility TEXT NOT NULL,
     private INTEGER NOT NULL,
     broadcast TEXT NOT NULL,
     recording TEXT NOT NULL,
     recording_since INTEGER NOT NULL,
     recording_id TEXT,
     recording_started_at INTEGER,
     recording_error TEXT,
     post_id TEXT,
     empty_since INTEGER,
     ended_at INTEGER
   ) STRICT;
   CREATE TABLE room_participants (
     entry INTEGER PRIMARY KEY,
     room_id TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
     peer_id TEXT NOT NULL,
     user_id TEXT NOT NULL,
     public_key TEXT NOT NULL,
     handle TEXT NOT NULL,
     display_name TEXT NOT NULL,
     role TEXT NOT NULL,
     self_muted_audio INTEGER NOT NULL,
     self_muted_video INTEGER NOT NULL,
     moderator_muted_audio INTEGER NOT NULL,
     moderator_muted_video INTEGER NOT NULL,
     guest INTEGER NOT NULL,
     invite_id TEXT,
     connection TEXT NOT NULL,
     status TEXT NOT NULL,
     joined_at INTEGER NOT NULL,
     last_heard_at INTEGER NOT NULL,
     ticket_expires_at INTEGER NOT NULL,
     UNIQUE (room_id, peer_id)
   ) STRICT;
   CREATE TABLE room_invites (
     entry INTEGER PRIMARY KEY,
     room_id TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
     invite_id TEXT NOT NULL,
     handle TEXT,
     label TEXT,
     role TEXT NOT NULL,
     single_use INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     revoked INTEGER NOT NULL,
     used_by TEXT NOT NULL,
     UNIQUE (room_id, invite_id)
   ) STRICT;
   CREATE TABLE room_admitted (
     entry INTEGER PRIMARY KEY,
     room_id TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
     user_id TEXT NOT NULL,
     role TEXT NOT NULL,
     UNIQUE (room_id, user_id)
   ) STRICT;
   CREATE TABLE room_moderation (
     entry INTEGER PRIMARY KEY,
     room_id TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
     event_id TEXT NOT NULL,
     event TEXT NOT NULL CHECK (json_valid(event)),
     lamport INTEGER AS (event ->> 'lamport'),
     action TEXT AS (event ->> 'action'),
     target_user_id TEXT AS (event ->> 'targetUserId'),
     actor_user_id TEXT AS (event ->> '$.actor.userId'),
     UNIQUE (room_id, event_id)
   ) STRICT`,
  'ALTER TABLE rooms ADD COLUMN relayed_by TEXT',
];

/** One table's rows of a room, each known within it by the value of one column. */
export class RoomTable {
  readonly name: string;
  readonly #keyColumn: string;
  readonly #select: StatementSync;
  readonly #delete: StatementSync;
  readonly #db: DatabaseSync;
  #upsert: StatementSync | undefined;

  constructor(db: DatabaseSync, name: string, keyColumn: string) {
    this.name = name;
    this.#db = db;
    this.#keyColumn = keyColumn;
    this.#select = db.prepare(`SELECT * FROM ${name} WHERE room_id = ? ORDER BY rowid`);
    this.#delete = db.prepare(`DELETE FROM ${name} WHERE room_id = ? AND ${keyColumn} = ?`);
  }

  keyOf(row: Row): string {
    return String(row[this.#keyColumn]);
  }

  /** In the order they were first written. */
  rowsOf(roomId: string): Row[] {
    return this.#select.all(roomId);
  }

  /** Writes the row over the one with the same key, which keeps its place. */
  put(row: Row): void {
    this.#upsert ??= this.#db.prepare(upsertOf(this.name, this.#keyColumn, Object.keys(row)));
    this.#upsert.run(row);
  }

  remove(roomId: string, key: string): void {
    this.#delete.run(roomId, key);
  }
}

function upsertOf(table: string, keyColumn: string, columns: string[]): string {
  const target = keyColumn === 'room_id' ? 'room_id' : `room_id, ${keyColumn}`;
  const values = columns.map((column) => `:${column}`);
  const changes = columns.map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})
    ON CONFLICT (${target}) DO UPDATE SET ${changes.join(', ')}`;
}
