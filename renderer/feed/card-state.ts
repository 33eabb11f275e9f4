import type { StreamPost } from '../../protocol/posts.ts';
import type { RecordingStatus } from '../../protocol/recordings.ts';

/** What a stream post's card shows. */
export type CardState =
  | 'scheduled'
  | 'live'
  | 'processing'
  | 'ready'
  | 'expired'
  | 'failed'
  | 'ended';

/**
 * A card's state from its post and, where it was asked for, its recording's newer status. While
 * the room is live that comes first, whatever its recording does.
 */
export function cardState(
  post: Pick<StreamPost, 'liveStatus' | 'recordingState'>,
  status?: Pick<RecordingStatus, 'state'>,
): CardState {
  if (post.liveStatus !== 'ended') return post.liveStatus;
  const recording = status?.state ?? post.recordingState;
  if (recording === undefined) return 'ended';
  if (recording === 'recording' || recording === 'finalizing') return 'processing';
  return recording;
}

/** Whether there is a replay to watch by now: also of a recording stopped in a room still live. */
export function hasReplay(
  post: Pick<StreamPost, 'recordingState'>,
  status?: Pick<RecordingStatus, 'state'>,
): boolean {
  return (status?.state ?? post.recordingState) === 'ready';
}
