import type { CopyState } from '../../../protocol/replicas.ts';
import type { Copy } from './copy-store.ts';

/** A node that is not reached for so long has left: another one takes its place. */
export const LOST_AFTER_MS = 24 * 60 * 60 * 1000;

/** States that count as a copy, or as one that is on its way. */
const COUNTS: ReadonlySet<CopyState> = new Set(['waiting', 'copying', 'whole']);
/** Of copies that are too many, which go first. */
const GOES_FIRST: readonly CopyState[] = ['waiting', 'copying', 'whole'];

export interface PlacementInput {
  /** Recordings that are to be kept elsewhere. */
  recordings: readonly { recordingId: string; sizeBytes: number }[];
  /** Nodes that take copies, with the room they said that they have. */
  volunteers: readonly { origin: string; freeBytes: number }[];
  /** All nodes that may keep copies; those of others are to be deleted. */
  knownOrigins: ReadonlySet<string>;
  copies: readonly Copy[];
  wanted: number;
  nowMs: number;
}

/** What is to change. */
export interface PlacementPlan {
  place: { recordingId: string; origin: string; sizeBytes: number }[];
  lost: Copy[];
  leave: Copy[];
}

/**
 * What has to change so that each recording has as many copies as are wished for, on different
 * nodes: those with the most room take them. Pure; what is in order needs nothing.
 */
export function planPlacement(input: PlacementInput): PlacementPlan {
  const { recordings, volunteers, knownOrigins, copies, wanted, nowMs } = input;
  const plan: PlacementPlan = { place: [], lost: [], leave: [] };
  const free = new Map(volunteers.map(({ origin, freeBytes }) => [origin, freeBytes]));
  const kept = new Set(recordings.map(({ recordingId }) => recordingId));
  for (const copy of copies) {
    const isWanted = kept.has(copy.recordingId) && knownOrigins.has(copy.origin);
    if (!isWanted && copy.state !== 'leaving') plan.leave.push(copy);
  }
  for (const { recordingId, sizeBytes } of recordings) {
    const own = copies.filter(
      (copy) => copy.recordingId === recordingId && knownOrigins.has(copy.origin),
    );
    const lost = own.filter((copy) => COUNTS.has(copy.state) && isLost(copy, nowMs));
    plan.lost.push(...lost);
    const counting = own.filter((copy) => COUNTS.has(copy.state) && !lost.includes(copy));
    const surplus = counting
      .toSorted((a, b) => GOES_FIRST.indexOf(a.state) - GOES_FIRST.indexOf(b.state))
      .slice(0, Math.max(0, counting.length - wanted));
    plan.leave.push(...surplus);
    const tried = new Set(own.map(({ origin }) => origin));
    for (let count = counting.length; count < wanted; count += 1) {
      const origin = roomiest(free, tried, sizeBytes);
      if (origin === undefined) break;
      tried.add(origin);
      free.set(origin, (free.get(origin) ?? 0) - sizeBytes);
      plan.place.push({ recordingId, origin, sizeBytes });
    }
  }
  return plan;
}

function isLost({ failingSinceMs }: Copy, nowMs: number): boolean {
  return failingSinceMs !== undefined && nowMs - failingSinceMs >= LOST_AFTER_MS;
}

function roomiest(
  free: ReadonlyMap<string, number>,
  tried: ReadonlySet<string>,
  sizeBytes: number,
): string | undefined {
  const [best] = [...free]
    .filter(([origin, freeBytes]) => !tried.has(origin) && freeBytes >= sizeBytes)
    .sort(([a, roomA], [b, roomB]) => roomB - roomA || (a < b ? -1 : 1));
  return best?.[0];
}
