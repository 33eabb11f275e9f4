import type { Logger } from 'pino';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RoomRecord } from '../rendezvous/room-record.ts';
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
} from '../rendezvous/room-rows.ts';
import type { RoomStore } from '../rendezvous/room-store.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { KEYS } from './cluster-keys.ts';
import { CLAIM, FORGET, SAVE } from './cluster-scripts.ts';

/** A row as it lies in Redis: its place in the order, itself, and the code of both. */
const KeptRow = z.tuple([
  z.int(),
  z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  z.string(),
]);

/** What Redis holds of a room: each row as JSON, by table and key. */
type Rows = ReadonlyMap<string, string>;

interface Kept {
  rows: Rows;
  /** The place of each row in the order they were first written. */
  places: Map<string, number>;
}

/** What became of a claim. */
export type Claim =
  | { outcome: 'claimed'; record: RoomRecord }
  | { outcome: 'owned'; nodeId: string }
  | { outcome: 'none' | 'lapsed' };

export interface RedisRoomStoreOptions {
  bus: ClusterBus;
  logger: Logger;
  /** Rooms of projects may be taken: who may learn of them is known here. */
  mayHaveProjects: boolean;
  /** Told of a room that another node took. */
  lost: (roomId: string) => void;
}

/**
 * The rooms of a cluster in Redis, each written by the node that owns it alone. Saves are begun at
 * once and confirmed later: {@link settled} waits for that.
 */
export class RedisRoomStore implements RoomStore {
  readonly #bus: ClusterBus;
  readonly #logger: Logger;
  readonly #lost: (roomId: string) => void;
  readonly #kept = new Map<string, Kept>();
  /** The last save of each room; one after the other. */
  readonly #saving = new Map<string, Promise<void>>();
  /** Rooms as they are to be kept, while that did not succeed yet. */
  readonly #unsaved = new Map<string, RoomRecord>();

  /** This node may have rooms of projects. */
  readonly #mayHaveProjects: boolean;

  constructor(options: RedisRoomStoreOptions) {
    this.#mayHaveProjects = options.mayHaveProjects;
    this.#bus = options.bus;
    this.#logger = options.logger;
    this.#lost = options.lost;
    options.bus.on('resumed', () => this.retry());
  }

  /** None at the start: rooms come by {@link claim}. */
  load(): RoomRecord[] {
    return [];
  }

  save(record: RoomRecord): void {
    const { roomId } = record;
    this.#unsaved.set(roomId, record);
    const saved = (this.#saving.get(roomId) ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        // Many changes while one save is under way are one more save.
        if (this.#unsaved.get(roomId) !== record) return;
        this.#unsaved.delete(roomId);
        await this.#write(record);
      });
    this.#saving.set(roomId, saved);
    saved.catch((err: unknown) => {
      const isOurs = !(err instanceof RoomLost) && this.#saving.has(roomId);
      if (isOurs) this.#unsaved.set(roomId, record);
      this.#logger.warn({ err, roomId }, 'a room could not be kept in Redis yet');
    });
  }

  delete(roomId: string): void {
    this.release(roomId);
    this.#bus.run(FORGET, this.#keys(roomId), [roomId, this.#bus.nodeId]).catch((err: unknown) => {
      this.#logger.warn({ err, roomId }, 'a room that is over could not be forgotten in Redis');
    });
  }

  /** Resolves once the room is kept as it is now. Rejects with `store-unavailable`. */
  async settled(roomId: string): Promise<void> {
    try {
      await this.#saving.get(roomId);
    } catch (cause) {
      throw Object.assign(storeUnavailable(), { cause });
    }
  }

  /** Everything, e.g. before this node stops. */
  async allSettled(): Promise<void> {
    await Promise.allSettled(this.#saving.values());
  }

  /** Tries again what could not be kept. */
  retry(): void {
    for (const record of this.#unsaved.values()) this.save(record);
  }

  forgetKept(roomId: string): void {
    this.#kept.delete(roomId);
  }

  /** The room is another node's, or over. */
  release(roomId: string): void {
    this.#kept.delete(roomId);
    this.#unsaved.delete(roomId);
    this.#saving.delete(roomId);
  }

  /** Takes a room whose owner is gone. Rejects where Redis can't be reached. */
  async claim(roomId: string): Promise<Claim> {
    const { nodeId } = this.#bus;
    const projects = this.#mayHaveProjects ? '1' : '0';
    const answer = await this.#runWithLease(CLAIM, roomId, [roomId, nodeId, projects]);
    const [outcome, about] = Array.isArray(answer) ? answer : [];
    if (outcome === 'owned') return { outcome, nodeId: String(about) };
    if (outcome === 'claimed' && Array.isArray(about)) {
      const record = this.#read(roomId, about.map(String));
      return record ? { outcome, record } : { outcome: 'none' };
    }
    return { outcome: outcome === 'none' ? 'none' : 'lapsed' };
  }

  async #write(record: RoomRecord): Promise<void> {
    const { roomId } = record;
    const kept = this.#kept.get(roomId) ?? { rows: new Map<string, string>(), places: new Map() };
    const rows = rowsOf(record);
    const gone = [...kept.rows.keys()].filter((name) => !rows.has(name));
    const places = new Map(kept.places);
    let last = Math.max(0, ...places.values());
    const written: string[] = [];
    for (const [name, row] of rows) {
      if (!places.has(name)) {
        last += 1;
        places.set(name, last);
      }
      if (kept.rows.get(name) === row) continue;
      const place = places.get(name) ?? 0;
      written.push(name, `[${place},${row},"${this.#mac(roomId, name, place, row)}"]`);
    }
    if (gone.length > 0 || written.length > 0) {
      const args = [roomId, this.#bus.nodeId, String(gone.length), ...gone, ...written];
      const outcome = await this.#runWithLease(SAVE, roomId, args);
      if (outcome === 'lost') {
        this.release(roomId);
        this.#lost(roomId);
        throw new RoomLost('Another node has this room.');
      }
      if (outcome !== 'kept') throw new Error('This node’s lease has run out.');
    }
    for (const name of gone) places.delete(name);
    this.#kept.set(roomId, { rows, places });
  }

  /** Once more where Redis had lost the lease, and nobody took this node for gone. */
  async #runWithLease(script: string, roomId: string, args: string[]): Promise<unknown> {
    const answer = await this.#bus.run(script, this.#keys(roomId), args);
    const [outcome] = Array.isArray(answer) ? answer : [answer];
    if (outcome !== 'lapsed' || !this.#bus.isSure) return answer;
    await this.#bus.renew();
    return this.#bus.run(script, this.#keys(roomId), args);
  }

  /** What can be read; the rest is logged and left where it is, for somebody to look at. */
  #read(roomId: string, fields: string[]): RoomRecord | undefined {
    const places = new Map<string, number>();
    const byTable = new Map<string, { name: string; place: number; row: Row }[]>();
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [name = '', text = ''] = [fields[at], fields[at + 1]];
      const read = this.#attempt(roomId, name, () => this.#authentic(roomId, name, text));
      if (!read) continue;
      places.set(name, read.place);
      const table = name.slice(0, name.indexOf('/'));
      byTable.set(table, [...(byTable.get(table) ?? []), { name, ...read }]);
    }
    const read = <T>(table: string, reader: (row: Row) => T): T[] =>
      (byTable.get(table) ?? [])
        .sort((a, b) => a.place - b.place)
        .flatMap(({ name, row }) => this.#attempt(roomId, name, () => reader(row)) ?? []);
    const [record] = read('rooms', readRoom);
    if (record?.roomId !== roomId) return undefined;
    for (const p of read('participants', readParticipant)) record.participants.set(p.peerId, p);
    for (const invite of read('invites', readInvite)) record.invites.set(invite.inviteId, invite);
    for (const { userId, role } of read('admitted', readAdmitted)) {
      record.admitted.set(userId, role);
    }
    record.moderation.push(...read('moderation', readModeration));
    this.#kept.set(roomId, { rows: rowsOf(record), places });
    return record;
  }

  #mac(roomId: string, name: string, place: number, row: string): string {
    return this.#bus.mac.of(roomId, name, String(place), row);
  }

  /** Throws for what no node of this cluster wrote. */
  #authentic(roomId: string, name: string, text: string): { place: number; row: Row } {
    const [place, row, mac] = KeptRow.parse(JSON.parse(text));
    const isOurs = this.#bus.mac.matches(mac, roomId, name, String(place), JSON.stringify(row));
    if (!isOurs) throw new Error('No node of this cluster wrote this.');
    return { place, row };
  }

  #attempt<T>(roomId: string, name: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (err) {
      this.#logger.error(
        { err, roomId, name },
        'something kept of a room can’t be read and is left out',
      );
      return undefined;
    }
  }

  #keys(roomId: string): string[] {
    const { nodeId } = this.#bus;
    return [KEYS.owners, KEYS.room(roomId), KEYS.roomsOf(nodeId), KEYS.node(nodeId)];
  }
}

/** It is not this node's any more: nothing is to be tried again. */
class RoomLost extends Error {}

/** Says to claims that the room belongs to a project. */
const PROJECT = 'project';

function rowsOf(record: RoomRecord): Map<string, string> {
  const { roomId, participants, invites, admitted, moderation } = record;
  const named = (table: string, key: string, row: Row) =>
    [`${table}/${key}`, JSON.stringify(row)] as const;
  return new Map([
    named('rooms', roomId, roomRow(record)),
    ...(record.projectId === undefined
      ? []
      : [named(PROJECT, roomId, { project_id: record.projectId })]),
    ...[...participants.values()].map((p) =>
      named('participants', p.peerId, participantRow(roomId, p)),
    ),
    ...[...invites.values()].map((i) => named('invites', i.inviteId, inviteRow(i))),
    ...[...admitted].map(([userId, role]) =>
      named('admitted', userId, admittedRow(roomId, userId, role)),
    ),
    ...moderation.map((event) => named('moderation', event.eventId, moderationRow(event))),
  ]);
}

/** The refusal while what is decided can't be kept where all nodes see it. */
export function storeUnavailable(): ProtocolError {
  return new ProtocolError(
    'store-unavailable',
    'This community’s nodes can’t reach their store just now. Who is in a room stays in it; try this again in a moment.',
  );
}
