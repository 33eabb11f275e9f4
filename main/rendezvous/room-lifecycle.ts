import { ProtocolError } from '../../protocol/errors.ts';
import { ROOM_LIMITS, type RoomRecordingState } from '../../protocol/rooms.ts';

/**
 * How long the host's window may take to confirm that recording began or stopped. Past it the
 * people in the room are told, instead of reading "starting" for ever.
 */
export const RECORDING_CONFIRM_MS = 15_000;

/** How long an ended room can be reopened. */
export const REOPEN_WINDOW_MS = 24 * 3_600_000;

/** What becomes of a participant who was last heard `silentMs` ago (protocol, "Life of a room"). */
export function presenceAfter(silentMs: number): 'active' | 'suspect' | 'removed' {
  if (silentMs >= ROOM_LIMITS.removeAfterMs) return 'removed';
  return silentMs >= ROOM_LIMITS.suspectAfterMs ? 'suspect' : 'active';
}

/** Whether a room that has been empty since then ends. */
export function endsWhenEmpty(emptySince: number | undefined, now: number): boolean {
  return emptySince !== undefined && now - emptySince >= ROOM_LIMITS.closeWhenEmptyAfterMs;
}

/**
 * The recording's state once the host asked for it to be on or off; the same state when there is
 * nothing to do. Throws `already-recording` while the last one is still being finished.
 */
export function recordingRequested(
  state: RoomRecordingState,
  enabled: boolean,
): RoomRecordingState {
  if (!enabled) return state === 'starting' || state === 'recording' ? 'stopping' : state;
  if (state === 'stopping') {
    throw new ProtocolError(
      'already-recording',
      'The last recording is still being finished. Try again in a moment.',
    );
  }
  return state === 'off' || state === 'failed' ? 'starting' : state;
}

/** What an unconfirmed change of the recording turns into, and the sentence for the room. */
export function recordingTimedOut(
  recording: { state: RoomRecordingState; since: number; started: boolean },
  now: number,
): { state: RoomRecordingState; error?: string } | undefined {
  if (now - recording.since < RECORDING_CONFIRM_MS) return undefined;
  if (recording.state === 'starting') {
    return {
      state: 'failed',
      error:
        'The recording did not start: the host’s studio never confirmed it. Turn recording off and on again.',
    };
  }
  if (recording.state !== 'stopping') return undefined;
  if (!recording.started) return { state: 'off' };
  return {
    state: 'failed',
    error:
      'The host’s studio did not confirm that the recording was finished. What was written is kept and will be finished at its next start.',
  };
}
