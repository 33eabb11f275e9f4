import type { RoomRecord } from './room-record.ts';

/** Where rooms are kept so that they survive the process. */
export interface RoomStore {
  /** Every room that was kept, oldest first. What can't be read is left out, never thrown. */
  load(): RoomRecord[];
  /** Keeps the room as it is now: all of it, or, where this throws, as it was before. */
  save(record: RoomRecord): void;
  /** Forgets the room and everything about it; does nothing when it is not there. */
  delete(roomId: string): void;
  /** What was kept of the room is lost: its next save writes all of it. */
  forgetKept?(roomId: string): void;
}
