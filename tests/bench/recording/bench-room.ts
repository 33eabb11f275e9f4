import type { RecordedRoom } from '../../../main/recording/recording-service.ts';

/** Public, so that its replay lies on disk as players read it; journals are encrypted all the same. */
export const ROOM: RecordedRoom = {
  roomId: 'room_benchbenchbench',
  title: 'Bench',
  visibility: 'public',
  hostUserId: 'u_hosthosthosthosthost00',
  allowedUserIds: [],
};
