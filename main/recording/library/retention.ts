import type { RecordingState } from '../../../protocol/recordings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Until when a recording that ended at `endedAtMs` is kept when nobody says otherwise. */
export function defaultRetainUntil(endedAtMs: number, days: number): number {
  return endedAtMs + days * DAY_MS;
}

/**
 * Whether a recording is to be deleted now. One that failed is not: its journal is all there is
 * of it, so only a person deletes it.
 */
export function isDue(
  recording: { state: RecordingState; pinned: boolean; retainUntilMs: number },
  nowMs: number,
): boolean {
  return recording.state === 'ready' && !recording.pinned && recording.retainUntilMs <= nowMs;
}
