import type { Clock } from '../clock.ts';

/** A player asks for the playlist every few seconds; one that has not for so long is gone. */
const GONE_AFTER_MS = 15_000;
/** People without a session that one address may stand for. */
const MOST_PER_ADDRESS = 10;
/** Further ones are served all the same, and not counted. */
const MOST_PER_ROOM = 20_000;

/** Somebody who watches, as far as they can be told apart from others. */
export type ViewerIdentity =
  | { userId: string }
  /** `viewerId` is drawn by the page, so it is believed within limits only. */
  | { address: string; viewerId: string };

/** Who watches live without being in the room. */
export class LiveViewers {
  readonly #clock: Clock;
  /** When each was seen last, by room; who was seen last stands last. */
  readonly #seen = new Map<string, Map<string, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody has asked for the playlist of a room that is live. */
  saw(roomId: string, viewer: ViewerIdentity): void {
    const seen = this.#seen.get(roomId) ?? new Map<string, number>();
    this.#seen.set(roomId, seen);
    this.#dropGone(seen);
    const key = 'userId' in viewer ? viewer.userId : `${viewer.address} ${viewer.viewerId}`;
    const isNew = !seen.delete(key);
    if (isNew && seen.size >= MOST_PER_ROOM) return;
    if (isNew && 'address' in viewer && this.#countAt(seen, viewer.address) >= MOST_PER_ADDRESS) {
      return;
    }
    seen.set(key, this.#clock());
  }

  /** How many watch a room now. @param insideUserIds people in the room: they count there */
  count(roomId: string, insideUserIds: readonly string[] = []): number {
    const seen = this.#seen.get(roomId);
    if (!seen) return 0;
    this.#dropGone(seen);
    const inside = insideUserIds.filter((userId) => seen.has(userId));
    return seen.size - inside.length;
  }

  /** The room is over. */
  forget(roomId: string): void {
    this.#seen.delete(roomId);
  }

  #dropGone(seen: Map<string, number>): void {
    const goneBefore = this.#clock() - GONE_AFTER_MS;
    for (const [key, at] of seen) {
      if (at > goneBefore) return;
      seen.delete(key);
    }
  }

  #countAt(seen: ReadonlyMap<string, number>, address: string): number {
    let count = 0;
    for (const key of seen.keys()) if (key.startsWith(`${address} `)) count += 1;
    return count;
  }
}
