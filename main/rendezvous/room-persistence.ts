import type { RoomAccess } from './room-directory.ts';
import type { RoomRecord } from './room-record.ts';
import type { RoomStore } from './room-store.ts';

/**
 * Keeps rooms in a store as they change: many changes in one turn of the event loop are one save.
 * A save that fails is told, and tried again at the next change or sweep.
 */
export class RoomPersistence {
  readonly #store: RoomStore;
  readonly #rooms: RoomAccess;
  readonly #changed = new Set<RoomRecord>();
  #scheduled: NodeJS.Immediate | undefined;

  constructor(store: RoomStore, rooms: RoomAccess) {
    this.#store = store;
    this.#rooms = rooms;
  }

  /** The rooms that were kept; whoever was there has the usual time to come back from `now` on. */
  load(now: number): RoomRecord[] {
    const records = this.#store.load();
    for (const record of records) restoreRoom(record, now);
    return records;
  }

  changed(record: RoomRecord): void {
    this.#changed.add(record);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  forget(record: RoomRecord): void {
    this.#changed.delete(record);
    this.#attempt(record, () => this.#store.delete(record.roomId));
  }

  /** The store has lost the room: all of it is kept again. */
  keepAnew(record: RoomRecord): void {
    this.#store.forgetKept?.(record.roomId);
    this.changed(record);
  }

  /** Saves what has changed, now. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    for (const record of [...this.#changed]) {
      this.#changed.delete(record);
      const isKept = this.#attempt(record, () => this.#store.save(record));
      if (!isKept) this.#changed.add(record);
    }
  }

  #attempt(record: RoomRecord, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#rooms.emit('storeFailed', record.roomId, error);
      return false;
    }
  }
}

/** What is true of a room that was kept, once its node is another or was started again. */
export function restoreRoom(record: RoomRecord, now: number): void {
  record.knocks.clear();
  record.recordingSince = now;
  if (record.endedAt === undefined && record.participants.size === 0) record.emptySince = now;
  for (const participant of record.participants.values()) {
    participant.lastHeardAt = now;
    participant.status = 'active';
  }
}
