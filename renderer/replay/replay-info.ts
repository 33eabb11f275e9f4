import { Manifest, type RecordingStatus } from '../../protocol/recordings.ts';
import type { Api } from '../api/client.ts';

/** What a replay's page says about it. */
export interface ReplayInfo {
  status: RecordingStatus;
  title: string;
  /** Absent where only the recording's own manifest is known. */
  host: { userId: string; handle: string; displayName: string } | undefined;
  /** Absent, as is `startedAt`, of a recording without a post that is still being made. */
  hostUserId?: string;
  /** ISO 8601. */
  startedAt?: string;
}

/**
 * A recording (the room's latest, or the one that is named) with what its post says of it; without
 * a post, what its signed manifest says. Rejects with the node's refusal, e.g. `recording-expired`.
 */
export async function loadReplay(
  api: Api,
  token: () => Promise<string | undefined>,
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
  // Its manifest is written at its end.
  if (status.state === 'recording' || status.state === 'finalizing') {
    return { status, title: 'Replay', host: undefined };
  }
  const manifest = await loadManifest(api.baseUrl + status.manifestUrl, await token());
  return {
    status,
    title: status.title ?? manifest.title,
    host: undefined,
    hostUserId: manifest.host.userId,
    startedAt: manifest.startedAt,
  };
}

async function loadManifest(url: string, token: string | undefined): Promise<Manifest> {
  const response = await fetch(url, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`the replay’s manifest was refused (${response.status}).`);
  return Manifest.parse(await response.json());
}
