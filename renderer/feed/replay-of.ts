import type { StreamPost } from '../../protocol/posts.ts';

/** What a link to a post's replay says besides the room: whose words, and which recording. */
export function replayOf({ postId, recordingId }: StreamPost): {
  post: string;
  recording?: string;
} {
  return { post: postId, ...(recordingId !== undefined && { recording: recordingId }) };
}
