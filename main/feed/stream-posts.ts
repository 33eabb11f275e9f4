import type { RecordingState } from '../../protocol/recordings.ts';
import type { Room, RoomContext, Visibility } from '../../protocol/rooms.ts';

export interface PostAuthor {
  userId: string;
  handle: string;
  displayName: string;
}

/** A room that goes live as a post. */
export interface StreamToPublish {
  room: Room;
  author: PostAuthor;
  title: string;
  description: string;
  tags: readonly string[];
  /** Who may see the post besides what `visibility` says. */
  allowedUserIds: readonly string[];
}

/** The room a recording was made of. */
export interface RecordedRoom {
  roomId: string;
  title: string;
  context: RoomContext;
  projectId?: string | undefined;
  visibility: Visibility;
  author: PostAuthor;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601; absent while the room is live. */
  endedAt?: string | undefined;
}

/** What a post tells of its recording. */
export interface RecordingOnPost {
  recordingId: string;
  recordingState: RecordingState;
  /** ISO 8601. */
  retainUntil: string;
  durationMs: number;
}

/** A row of the feed to be written. */
export interface NewPost {
  kind: 'text' | 'stream';
  context: RoomContext;
  projectId?: string | undefined;
  visibility: Visibility;
  author: PostAuthor;
  text: string;
  stream?: {
    title: string;
    tags: readonly string[];
    roomId: string;
    liveStatus: 'live' | 'ended';
    startsAt: string;
    endsAt?: string | undefined;
    recordingId?: string | undefined;
    recordingState?: RecordingState | undefined;
    retainUntil?: string | undefined;
    durationMs?: number | undefined;
  };
}

/**
 * Which post of the room takes the recording: the one that has it already, else the newest one if
 * it has none yet, or is live with one that came to nothing. A second recording of the same show
 * gets a post of its own otherwise: what was recorded first stays to be watched.
 */
export function postForRecording<P extends RecordedPost>(
  newestFirst: readonly P[],
  recordingId: string,
): P | undefined {
  const own = newestFirst.find((post) => post.recordingId === recordingId);
  if (own) return own;
  const newest = newestFirst[0];
  const isFree = newest?.recordingId === undefined || hasNothingLive(newest);
  return isFree ? newest : undefined;
}

interface RecordedPost {
  recordingId?: string | undefined;
  recordingState?: RecordingState | undefined;
  liveStatus: string;
}

function hasNothingLive({ liveStatus, recordingState }: RecordedPost): boolean {
  return liveStatus === 'live' && (recordingState === 'failed' || recordingState === 'expired');
}
