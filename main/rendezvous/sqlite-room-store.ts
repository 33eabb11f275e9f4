import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { inTransaction, migrate } from '../storage/database.ts';
import type { RoomRecord } from './room-record.ts';
import {
  admittedRow,
  inviteRow,
  moderationRow,
  participantRow,
  type Row,
  readAdmitted,
  readInvite,
  readModeration,
  readParticipant,
  readRoom,
  roomRow,
} from './room-rows.ts';
import type { RoomStore } from './room-store.ts';
import { ROOM_STEPS, RoomTable } from './room-tables.ts';

/** What the database holds of a room, so that a save writes what has changed and nothing else. */
interface Kept {
  /** Each row as JSON, by table and key. */
  rows: ReadonlyMap<RoomTable, ReadonlyMap<string, string>>;
  /** How many events of `moderation` are written. */
  events: number;
}

const NOTHING: Kept = { rows: new Map(), events: 0 };

/**
 * Rooms in the studio's database: their people, invites (without tokens), who was admitted, and
 * every act of moderation. A mesh ticket inside an act is no secret: it proves to all peers who
 * acted, and lets nobody in without its owner's session.
 */
export class SqliteRoomStore implements RoomStore {
  readonly #db: DatabaseSync;
  readonly #logger: Logger;
  readonly #rooms: RoomTable;
  readonly #participants: RoomTable;
  readonly #invites: RoomTable;
  readonly #admitted: RoomTable;
  readonly #moderation: RoomTable;
  readonly #kept = new Map<string, Kept>();

  constructor(options: { db: DatabaseSync; logger: Logger }) {
    const { db } = options;
    this.#db = db;
    this.#logger = options.logger;
    migrate(db, 'rooms', ROOM_STEPS);
    this.#rooms = new RoomTable(db, 'rooms', 'room_id');
    this.#participants = new RoomTable(db, 'room_participants', 'peer_id');
    this.#invites = new RoomTable(db, 'room_invites', 'invite_id');
    this.#admitted = new RoomTable(db, 'room_admitted', 'user_id');
    this.#moderation = new RoomTable(db, 'room_moderation', 'event_id');
  }

  load(): RoomRecord[] {
    const rows = this.#db.prepare('SELECT * FROM rooms ORDER BY created_at, rowid').all();
    return rows
      .flatMap((row) => this.#read(this.#rooms, [row], readRoom))
      .map((record) => {
        this.#fill(record);
        this.#kept.set(record.roomId, {
          rows: this.#rowsOf(record),
          events: record.moderation.length,
        });
        return record;
      });
  }

  save(record: RoomRecord): void {
    const { roomId, moderation } = record;
    const before = this.#kept.get(roomId) ?? NOTHING;
    const rows = this.#rowsOf(record);
    const writes: (() => void)[] = [];
    for (const [table, texts] of rows) {
      const known = before.rows.get(table);
      for (const key of known?.keys() ?? []) {
        if (!texts.has(key)) writes.push(() => table.remove(roomId, key));
      }
      for (const [key, text] of texts) {
        if (known?.get(key) !== text) writes.push(() => table.put(JSON.parse(text)));
      }
    }
    for (const event of moderation.slice(before.events)) {
      writes.push(() => this.#moderation.put(moderationRow(event)));
    }
    if (writes.length === 0) return;
    inTransaction(this.#db, () => {
      for (const write of writes) write();
    });
    this.#kept.set(roomId, { rows, events: moderation.length });
  }

  delete(roomId: string): void {
    this.#rooms.remove(roomId, roomId);
    this.#kept.delete(roomId);
  }

  #fill(record: RoomRecord): void {
    const { roomId, participants, invites, admitted, moderation } = record;
    const read = <T>(table: RoomTable, reader: (row: Row) => T) =>
      this.#read(table, table.rowsOf(roomId), reader);
    for (const p of read(this.#participants, readParticipant)) participants.set(p.peerId, p);
    for (const invite of read(this.#invites, readInvite)) invites.set(invite.inviteId, invite);
    for (const { userId, role } of read(this.#admitted, readAdmitted)) admitted.set(userId, role);
    moderation.push(...read(this.#moderation, readModeration));
  }

  /** The rows that can be read. The others stay where they are, for somebody to look at. */
  #read<T>(table: RoomTable, rows: readonly Row[], reader: (row: Row) => T): T[] {
    return rows.flatMap((row) => {
      try {
        return [reader(row)];
      } catch (err) {
        this.#logger.error(
          { err, table: table.name, roomId: row.room_id, key: table.keyOf(row) },
          'something kept of a room can’t be read and is left out',
        );
        return [];
      }
    });
  }

  /** Parents before their children, as foreign keys ask for. */
  #rowsOf(record: RoomRecord): Kept['rows'] {
    const { roomId, participants, invites, admitted } = record;
    const texts = (table: RoomTable, rows: Row[]) =>
      [table, new Map(rows.map((row) => [table.keyOf(row), JSON.stringify(row)]))] as const;
    return new Map([
      texts(this.#rooms, [roomRow(record)]),
      texts(
        this.#participants,
        [...participants.values()].map((p) => participantRow(roomId, p)),
      ),
      texts(this.#invites, [...invites.values()].map(inviteRow)),
      texts(
        this.#admitted,
        [...admitted].map(([userId, role]) => admittedRow(roomId, userId, role)),
      ),
    ]);
  }
}
