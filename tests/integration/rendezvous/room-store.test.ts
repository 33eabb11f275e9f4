import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Members } from '../../../main/identity/members.ts';
import type { RoomRecord } from '../../../main/rendezvous/room-record.ts';
import { SqliteRoomStore } from '../../../main/rendezvous/sqlite-room-store.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { acts, inOrder, participants, rooms } from './room-records.ts';

let folder: string;
const open = new Set<DatabaseSync>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarm-rooms-'));
});

afterEach(() => {
  for (const db of open) db.close();
  open.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** The store as a process of its own would open it. */
function startNode(path = join(folder, 'studio.db')) {
  const db = openDatabase(path);
  open.add(db);
  const logged: Record<string, unknown>[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line)) });
  return { db, logged, store: new SqliteRoomStore({ db, logger }) };
}

/** Some room, the same one for the same seed. */
function aRoom(seed: number, matches: (record: RoomRecord) => boolean = () => true): RoomRecord {
  const [record] = fc.sample(rooms.filter(matches), { seed, numRuns: 1 });
  if (!record) throw new Error('no room was made');
  return record;
}

const isFull = (record: RoomRecord) =>
  record.participants.size > 2 && record.invites.size > 2 && record.moderation.length > 2;

describe('rooms in the database', () => {
  it('come back after a restart as they were, whatever was in them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(rooms, { selector: (room) => room.roomId, minLength: 1, maxLength: 3 }),
        (kept) => {
          const { db, store } = startNode(':memory:');
          for (const record of kept) store.save(record);
          const back = new Map(again(db).map((record) => [record.roomId, record]));
          expect(back.size).toBe(kept.length);
          for (const record of kept) {
            expect(inOrder(back.get(record.roomId))).toEqual(inOrder(record));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follow every later change of people, invites, roles and mutes', () => {
    fc.assert(
      fc.property(rooms, rooms, (first, second) => {
        const { db, store } = startNode(':memory:');
        store.save(first);
        const { roomId } = first;
        const changed: RoomRecord = {
          ...second,
          roomId,
          invites: new Map([...second.invites].map(([id, invite]) => [id, { ...invite, roomId }])),
          moderation: first.moderation,
        };
        store.save(changed);
        expect(again(db)).toEqual([changed]);
        // A start that loaded them first goes on from there just the same.
        const later = new SqliteRoomStore({ db, logger: pino({ enabled: false }) });
        later.load();
        later.save(first);
        expect(again(db)).toEqual([first]);
      }),
      { numRuns: 60 },
    );
  });

  it('outlive the process: another one reads them from the file', () => {
    const record = aRoom(1, isFull);
    startNode().store.save(record);
    expect(startNode().store.load()).toEqual([record]);
  });

  it('keep moderation in the order in which the node learned of it, restarts between or not', () => {
    const record = aRoom(2, (room) => room.moderation.length === 0);
    const all = fc.uniqueArray(acts(record.roomId), {
      ...{ minLength: 30, maxLength: 30 },
      selector: (event) => event.eventId,
    });
    const [events = []] = fc.sample(all, { seed: 2, numRuns: 1 });
    startNode().store.save(record);
    for (const event of events) {
      const { store } = startNode();
      const [loaded] = store.load();
      loaded?.moderation.push(event);
      if (loaded) store.save(loaded);
    }
    expect(startNode().store.load()[0]?.moderation).toEqual(events);
  });

  it('write what is new, not what is there already', () => {
    const { db, store } = startNode();
    const record = aRoom(3, isFull);
    store.save(record);
    const before = writes(db);
    store.save(record);
    expect(writes(db) - before).toBe(0);
    record.moderation.push(...fc.sample(acts(record.roomId), { seed: 3, numRuns: 1 }));
    store.save(record);
    expect(writes(db) - before).toBe(1);
  });

  it('are forgotten whole, and the other rooms stay', () => {
    const { db, store } = startNode();
    const [gone, stays] = [aRoom(4, isFull), aRoom(5, isFull)];
    store.save(gone);
    store.save(stays);
    store.delete(gone.roomId);
    store.delete('room_neverexisted');
    expect(again(db)).toEqual([stays]);
    for (const table of childTables) {
      const left = db.prepare(`SELECT count(*) AS n FROM ${table} WHERE room_id = ?`);
      expect(left.get(gone.roomId)).toMatchObject({ n: 0 });
    }
  });

  it('can be kept again after they were forgotten', () => {
    const { db, store } = startNode();
    const record = aRoom(4, isFull);
    store.save(record);
    store.delete(record.roomId);
    store.save(record);
    expect(again(db)).toEqual([record]);
  });

  it('hold nobody’s invitation token', () => {
    const { db, store } = startNode();
    store.save(aRoom(6, isFull));
    const columns = childTables.flatMap((table) =>
      db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all(),
    );
    expect(columns.map(({ name }) => name)).not.toContainEqual(expect.stringMatching(/token|link/));
  });
});

describe('a row that can’t be read', () => {
  it.each([
    ['a room', "UPDATE rooms SET host_user_id = 'nobody' WHERE room_id = ?", 'rooms'],
    ['a room’s state', "UPDATE rooms SET recording = 'perhaps' WHERE room_id = ?", 'rooms'],
    ['a room’s time', 'UPDATE rooms SET created_at = -1 WHERE room_id = ?', 'rooms'],
  ])('leaves out %s, says so, and keeps the others', (_what, damage, table) => {
    const { db, store } = startNode();
    const [odd, fine] = [aRoom(7, isFull), aRoom(8, isFull)];
    store.save(odd);
    store.save(fine);
    db.prepare(damage).run(odd.roomId);
    const { store: next, logged } = startNode();
    expect(next.load()).toEqual([fine]);
    expect(logged).toEqual([expect.objectContaining({ level: 50, table, roomId: odd.roomId })]);
  });

  it.each([
    ['participant', 'room_participants', "role = 'king'", 'participants'],
    ['participant’s mute', 'room_participants', 'self_muted_audio = 7', 'participants'],
    ['invite', 'room_invites', "used_by = '[[\"half'", 'invites'],
    ['invite that would make a host', 'room_invites', "role = 'host'", 'invites'],
    ['admission', 'room_admitted', "role = ''", 'admitted'],
    ['act without a signature', 'room_moderation', "event = '{}'", 'moderation'],
  ] as const)('leaves out one %s and keeps the rest of the room', (_what, table, damage, part) => {
    const { db, store } = startNode();
    const record = aRoom(9, (room) => isFull(room) && room.admitted.size > 2);
    store.save(record);
    db.exec(`UPDATE ${table} SET ${damage} WHERE entry = (SELECT min(entry) FROM ${table})`);
    const { store: next, logged } = startNode();
    const [loaded] = next.load();
    expect(logged).toEqual([expect.objectContaining({ table, roomId: record.roomId })]);
    expect([...(loaded?.[part] ?? [])]).toEqual([...record[part]].slice(1));
    expect(loaded && { ...loaded, [part]: undefined }).toEqual({ ...record, [part]: undefined });
  });

  it('does not keep the room from being saved, nor take a new act’s place', () => {
    const { db, store } = startNode();
    const record = aRoom(10, isFull);
    store.save(record);
    db.exec("UPDATE room_moderation SET event = '{}' WHERE entry = 1");
    const { store: next } = startNode();
    const [loaded] = next.load();
    if (!loaded) throw new Error('the room is gone');
    const [event] = fc.sample(acts(record.roomId), { seed: 10, numRuns: 1 });
    if (event) loaded.moderation.push(event);
    next.save(loaded);
    expect(startNode().store.load()[0]?.moderation).toEqual([...record.moderation.slice(1), event]);
  });
});

describe('a save that fails', () => {
  it('leaves the room as it was kept before, and the next one catches up', () => {
    const { db, store } = startNode();
    const record = aRoom(11, isFull);
    store.save(record);
    const before = again(db);
    const [newcomer] = fc.sample(participants, { seed: 11, numRuns: 1 });
    if (!newcomer) throw new Error('nobody came');
    record.title = 'Half-written';
    record.participants.set(newcomer.peerId, newcomer);
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON room_participants
      BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
    expect(() => store.save(record)).toThrow('the disk is full');
    expect(again(db)).toEqual(before);
    db.exec('DROP TRIGGER full');
    store.save(record);
    expect(again(db)).toEqual([record]);
  });
});

describe('a database from before rooms were kept', () => {
  it('gets their tables, and loses nothing it had', () => {
    const path = join(folder, 'studio.db');
    const old = openDatabase(path);
    open.add(old);
    const profile = { userId: 'u_a', publicKey: 'key', handle: 'sam', displayName: 'Sam' };
    new Members({ db: old, clock: () => 0 }).claim(profile);

    const { db, store } = startNode(path);
    expect(store.load()).toEqual([]);
    const record = aRoom(12, isFull);
    store.save(record);
    expect(startNode(path).store.load()).toEqual([record]);
    expect(new Members({ db, clock: () => 0 }).byHandle('sam')).toEqual(profile);
  });

  it('is refused when a newer version wrote its rooms', () => {
    const { db } = startNode();
    db.exec("UPDATE schema_versions SET version = 99 WHERE component = 'rooms'");
    expect(() => startNode()).toThrow(/newer version/);
  });
});

const childTables = ['room_participants', 'room_invites', 'room_admitted', 'room_moderation'];

/** What a new start on the same database finds. */
function again(db: DatabaseSync): RoomRecord[] {
  return new SqliteRoomStore({ db, logger: pino({ enabled: false }) }).load();
}

/** Rows written over this connection so far. */
function writes(db: DatabaseSync): number {
  return Number(db.prepare('SELECT total_changes() AS n').get()?.n);
}
