import type { RecordingState } from '../../../protocol/recordings.ts';

/** A recording that ended less than this ago is not deleted for want of room: nobody has seen it. */
export const QUOTA_SPARES_MS = 24 * 60 * 60 * 1000;

export interface QuotaCandidate {
  recordingId: string;
  state: RecordingState;
  pinned: boolean;
  /** Being exported, checked or watched. */
  held: boolean;
  /** Milliseconds since the epoch, as all times here. */
  endedAtMs: number;
  retainUntilMs: number;
  sizeBytes: number;
}

export interface QuotaPlan {
  /** What is to be deleted so that the rest fits, in that order. */
  goes: string[];
  /** What is left over the quota when nothing more may go. */
  stillOverBytes: number;
}

/**
 * What goes so that recordings fit a quota: the one whose time is up first goes first. Never one
 * that is pinned, held, unfinished, failed (its journal is all there is of it) or of the last day.
 */
export function planForQuota(
  recordings: readonly QuotaCandidate[],
  quotaBytes: number,
  nowMs: number,
): QuotaPlan {
  const usedBytes = recordings.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let overBytes = Math.max(0, usedBytes - quotaBytes);
  const goes: string[] = [];
  for (const recording of inOrderOfGoing(recordings, nowMs)) {
    if (overBytes <= 0) break;
    goes.push(recording.recordingId);
    overBytes -= recording.sizeBytes;
  }
  return { goes, stillOverBytes: Math.max(0, overBytes) };
}

/** Everything that may go for want of room, what goes first in front. */
export function inOrderOfGoing<R extends QuotaCandidate>(
  recordings: readonly R[],
  nowMs: number,
): R[] {
  return recordings
    .filter((recording) => mayGo(recording, nowMs))
    .sort((a, b) => a.retainUntilMs - b.retainUntilMs || a.endedAtMs - b.endedAtMs);
}

function mayGo({ state, pinned, held, endedAtMs }: QuotaCandidate, nowMs: number): boolean {
  return state === 'ready' && !pinned && !held && nowMs - endedAtMs >= QUOTA_SPARES_MS;
}
