import type { Room } from '../../../protocol/rooms.ts';
import type { StreamingState } from '../../rooms/streaming.ts';

/** How long a room has been recorded, pauses left out, in ms; `undefined` before it has begun. */
export function recordedMs(
  room: Pick<Room, 'recordingStartedAt' | 'recordingPausedAt' | 'recordingPausedMs'>,
  nowMs: number,
): number | undefined {
  if (room.recordingStartedAt === undefined) return undefined;
  const untilMs = room.recordingPausedAt === undefined ? nowMs : Date.parse(room.recordingPausedAt);
  return Math.max(0, untilMs - Date.parse(room.recordingStartedAt) - (room.recordingPausedMs ?? 0));
}

/** What is amiss with the recording, for everybody in the room. */
export function recordingTroubleWords({
  room,
  self,
  signalling,
}: Pick<StreamingState, 'room' | 'self' | 'signalling'>): string | undefined {
  if (room?.recording !== 'recording') return undefined;
  // A host's own window is told more by the studio itself.
  if (signalling === 'retrying' && self?.role !== 'host') {
    return 'The host’s studio can’t be reached, so nobody here knows whether the recording goes on. What was recorded is kept.';
  }
  return room.recordingTrouble?.message;
}
