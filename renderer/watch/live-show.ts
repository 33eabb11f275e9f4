import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { Room } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';

/** What there is of a room for somebody who only watches. */
export interface LiveShow {
  /** Absent once the room is over and forgotten. */
  room: Room | undefined;
  viewers: number | undefined;
  /** The room's latest recording; absent where there is none. */
  status: RecordingStatus | undefined;
}

/** What becomes of watching it. */
export type ShowState =
  /** The host is not live yet. */
  | 'waiting'
  /** Live, and nothing can be watched from outside. */
  | 'not-recorded'
  /** Live, and the first seconds are on their way. */
  | 'starting'
  | 'live'
  /** The room is over, and there is a recording of it. */
  | 'recorded'
  | 'over';

export function showState({ room, status }: LiveShow): ShowState {
  if (room && room.state !== 'ended') {
    if (room.broadcast === 'backstage') return 'waiting';
    if (status?.state === 'recording') return status.durationMs > 0 ? 'live' : 'starting';
    return room.recording === 'starting' ? 'starting' : 'not-recorded';
  }
  return status === undefined ? 'over' : 'recorded';
}

/** Rejects with the node's refusal where the room is not for this person. */
export async function loadShow(api: Api, roomId: string): Promise<LiveShow> {
  const [known, status] = await Promise.all([
    unless(['room-not-found', 'room-closed'], () => api.room(roomId)),
    unless(['recording-not-found'], () => api.recording(roomId)),
  ]);
  if (!known && !status) {
    throw new ProtocolError('room-not-found', 'There is no such room, or it is over.');
  }
  return { room: known?.room, viewers: known?.concurrentViewers, status };
}

async function unless<T>(codes: readonly string[], ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProtocolError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
