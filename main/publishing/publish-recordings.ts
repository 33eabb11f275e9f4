import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { Room, RoomRecordingState } from '../../protocol/rooms.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { Feed } from '../feed/feed.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import type { RecordedRooms } from './recorded-rooms.ts';

/**
 * What the people in a room are told when its recording is in this state. A recording is
 * `starting` for them until its first slice is on disk.
 */
const TOLD_IN_ROOM = {
  recording: 'starting',
  finalizing: 'stopping',
  ready: 'off',
  expired: 'off',
  failed: 'failed',
} as const satisfies Record<RecordingStatus['state'], RoomRecordingState>;

/**
 * Carries what happens to a recording to where people see it: the room it is made of, and the
 * feed it is published on. The services know nothing of each other; this is where they meet.
 */
export function publishRecordings(services: {
  recordings: RecordingService;
  rooms: RoomRegistry;
  feed: Feed;
  recordedRooms: RecordedRooms;
  clock: Clock;
}): void {
  const { recordings, rooms, feed, recordedRooms, clock } = services;

  recordings.on('firstSlice', (recordingId, roomId) => {
    rooms.setRecording(roomId, 'recording', { recordingId });
  });

  recordings.on('paused', (roomId, paused) => rooms.setRecordingPaused(roomId, paused));
  recordings.on('trouble', (roomId, trouble) => rooms.setRecordingTrouble(roomId, trouble));
  // Its window follows the room: it flushes what it has and stops.
  recordings.on('mustEnd', (roomId) => {
    const state = rooms.get(roomId)?.state;
    if (state !== undefined && state !== 'ended') rooms.requestRecording(roomId, false);
  });

  recordings.on('changed', (roomId, status) => {
    if (concerns(rooms.get(roomId), status)) {
      rooms.setRecording(roomId, TOLD_IN_ROOM[status.state], {
        recordingId: status.recordingId,
        ...(status.error !== undefined && { error: status.error }),
      });
    }
    const room = recordedRooms.get(roomId);
    if (!room) return;
    feed.attachRecording(
      { ...room, endedAt: isoTime(clock()) },
      {
        recordingId: status.recordingId,
        recordingState: status.state,
        retainUntil: status.retainUntil,
        durationMs: status.durationMs,
      },
    );
  });

  rooms.on('joined', (roomId, { userId }) => recordings.allow(roomId, userId));
  rooms.on('moderated', (roomId, { action, targetUserId }) => {
    if (action === 'ban' || action === 'unban') {
      recordings.bar(roomId, targetUserId, action === 'ban');
    }
  });
  rooms.on('moderationExpired', (roomId, { action, targetUserId }) => {
    if (action === 'ban') recordings.bar(roomId, targetUserId, false);
  });
}

/**
 * Whether a recording's news is the room's: of the recording that the room is waiting for or has,
 * not of an earlier one whose retention was changed meanwhile.
 */
function concerns(room: Room | undefined, status: RecordingStatus): boolean {
  if (!room) return false;
  if (status.state === 'recording') return room.recording === 'starting';
  return room.recordingId === status.recordingId;
}
