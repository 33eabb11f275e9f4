import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { Api } from '../api/client.ts';

/** What a replay's page says about it. */
export interface ReplayInfo {
  status: RecordingStatus;
  title: string;
  /** Absent where only the recording itself is known. */
  host: { userId: string; handle: string; displayName: string } | undefined;
  hostUserId?: string;
  /** ISO 8601. */
  startedAt?: string;
}

/**
 * A recording (the room's latest, or the one that is named) with what its post says of it. Rejects with the node's refusal, e.g. `recording-expired`.
 */
export async function loadReplay(
  api: Api,
  roomId: string,
  postId: string | undefined,
  recordingId?: string,
): Promise<ReplayInfo> {
  const status = await api.recording(roomId, recordingId);
  if (postId !== undefined) {
    const { post } = await api.post(postId);
    if (post.kind === 'stream' && post.roomId === roomId) {
      const { title, author, startsAt } = post;
      return { status, title, host: author, hostUserId: author.userId, startedAt: startsAt };
    }
  }
  const { title = 'Replay', hostUserId, startedAt } = status;
  return {
    status,
    title,
    host: undefined,
    ...(hostUserId !== undefined && { hostUserId }),
    ...(startedAt !== undefined && { startedAt }),
  };
}
