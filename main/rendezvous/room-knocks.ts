import { ProtocolError } from '../../protocol/errors.ts';
import type { Knock, Role } from '../../protocol/rooms.ts';
import { isoTime } from '../clock.ts';
import type { Caller } from './access.ts';
import { newPeerId } from './peer-id.ts';
import type { RoomAccess } from './room-directory.ts';
import type { KnockRecord, RoomRecord } from './room-record.ts';

export const KNOCK_LIMITS = {
  /** Most people who wait at one room's door. */
  waiting: 20,
  /** Nobody answered for this long: the knock is over. */
  patienceMs: 10 * 60_000,
  /** After a denial, knocking again has to wait this long. */
  denialMs: 60_000,
} as const;

/** How a knock was answered, so that the same answer given again makes no difference. */
interface Answer {
  peerId: string;
  status: 'approved' | 'denied';
  at: number;
  reason: string | undefined;
}

/** Who waits at the doors of this node's rooms, and how they were answered. */
export class RoomKnocks {
  readonly #rooms: RoomAccess;
  /** By room, then by `userId`; only as long as this process lives. */
  readonly #answers = new WeakMap<RoomRecord, Map<string, Answer>>();

  constructor(rooms: RoomAccess) {
    this.#rooms = rooms;
  }

  /** In the order they came. */
  list(roomId: string): Knock[] {
    return [...this.#rooms.record(roomId).knocks.values()].map(knockView);
  }

  find(roomId: string, peerId: string): KnockRecord | undefined {
    return this.#rooms.record(roomId).knocks.get(peerId);
  }

  /**
   * Waits for approval; again it is the same knock.
   * Throws `room-closed`, `knock-denied`, `room-full`.
   */
  knock(roomId: string, caller: Caller): KnockRecord {
    this.#rooms.requireStore();
    const record = this.#rooms.openRecord(roomId);
    const now = this.#rooms.now();
    const waiting = knockOf(record, caller.userId);
    if (waiting) return waiting;
    const answer = this.#answersOf(record).get(caller.userId);
    if (answer?.status === 'denied' && now - answer.at < KNOCK_LIMITS.denialMs) {
      throw knockDenied(answer.reason);
    }
    if (record.knocks.size >= KNOCK_LIMITS.waiting) {
      throw new ProtocolError(
        'room-full',
        `${KNOCK_LIMITS.waiting} people are waiting to be let in already. Try again later.`,
      );
    }
    const knock: KnockRecord = {
      peerId: newPeerId(this.#rooms.now()),
      userId: caller.userId,
      handle: caller.handle,
      displayName: caller.displayName,
      guest: caller.guest,
      requestedAt: now,
    };
    record.knocks.set(knock.peerId, knock);
    this.#rooms.emit('knocksChanged', roomId);
    return knock;
  }

  /** Lets a knocker in with this role. Throws `room-closed`, `peer-not-found`. */
  approve(roomId: string, peerId: string, role: Exclude<Role, 'host'>): void {
    this.#rooms.requireStore();
    const record = this.#rooms.openRecord(roomId);
    const knock = this.#answer(record, peerId, 'approved', undefined);
    if (!knock) return;
    record.admitted.set(knock.userId, role);
    this.#rooms.emit('updated', roomId);
  }

  /** Turns a knocker away for a while. Throws `room-closed`, `peer-not-found`. */
  deny(roomId: string, peerId: string, reason: string | undefined): void {
    this.#answer(this.#rooms.openRecord(roomId), peerId, 'denied', reason);
  }

  /** Whether this answer was given to this knock before. */
  wasAnswered(roomId: string, peerId: string, status: Answer['status']): boolean {
    const answers = this.#answersOf(this.#rooms.record(roomId)).values();
    return [...answers].some((answer) => answer.peerId === peerId && answer.status === status);
  }

  /** The peer that an approved knocker was announced as; once. */
  takePeerId(record: RoomRecord, userId: string): string | undefined {
    const answer = this.#answersOf(record).get(userId);
    if (answer?.status !== 'approved') return undefined;
    this.#answersOf(record).delete(userId);
    return answer.peerId;
  }

  /** Tells somebody who is banned while they wait. */
  turnAway(roomId: string, userId: string, reason: string | undefined): void {
    const record = this.#rooms.record(roomId);
    const knock = knockOf(record, userId);
    if (knock) this.#refuse(record, knock, reason);
  }

  /** Ends what a member waits for in these rooms, without a word. */
  end(userId: string, records: Iterable<RoomRecord>): void {
    for (const record of records) {
      const knock = knockOf(record, userId);
      if (knock) this.#remove(record, knock);
    }
  }

  /** Ends knocks that nobody answered, and forgets denials that are over. */
  sweep(record: RoomRecord, now: number): void {
    for (const knock of record.knocks.values()) {
      if (now - knock.requestedAt >= KNOCK_LIMITS.patienceMs) {
        this.#refuse(record, knock, 'Nobody answered. You can ask again.');
      }
    }
    for (const [userId, { at, status }] of this.#answersOf(record)) {
      const keptMs = status === 'denied' ? KNOCK_LIMITS.denialMs : KNOCK_LIMITS.patienceMs;
      if (now - at >= keptMs) this.#answersOf(record).delete(userId);
    }
  }

  #answer(
    record: RoomRecord,
    peerId: string,
    status: Answer['status'],
    reason: string | undefined,
  ): KnockRecord | undefined {
    const knock = record.knocks.get(peerId);
    if (!knock) {
      if (this.wasAnswered(record.roomId, peerId, status)) return undefined;
      throw new ProtocolError('peer-not-found', 'Nobody is waiting under this id any more.');
    }
    this.#answersOf(record).set(knock.userId, { peerId, status, at: this.#rooms.now(), reason });
    this.#remove(record, knock);
    this.#rooms.emit('admission', record.roomId, knock.userId, status, reason);
    return knock;
  }

  #refuse(record: RoomRecord, knock: KnockRecord, reason: string | undefined): void {
    this.#remove(record, knock);
    this.#rooms.emit('admission', record.roomId, knock.userId, 'denied', reason);
  }

  #remove(record: RoomRecord, knock: KnockRecord): void {
    record.knocks.delete(knock.peerId);
    this.#rooms.emit('knocksChanged', record.roomId);
  }

  #answersOf(record: RoomRecord): Map<string, Answer> {
    const answers = this.#answers.get(record) ?? new Map<string, Answer>();
    this.#answers.set(record, answers);
    return answers;
  }
}

function knockOf(record: RoomRecord, userId: string): KnockRecord | undefined {
  return [...record.knocks.values()].find((knock) => knock.userId === userId);
}

function knockView(knock: KnockRecord): Knock {
  return {
    peerId: knock.peerId,
    userId: knock.userId,
    handle: knock.handle,
    displayName: knock.displayName,
    guest: knock.guest,
    requestedAt: isoTime(knock.requestedAt),
  };
}

function knockDenied(reason: string | undefined): ProtocolError {
  const why = reason ? ` The reason given: “${reason}”.` : '';
  return new ProtocolError(
    'knock-denied',
    `You were not let in.${why} You can ask again in a minute.`,
  );
}
