import { useCallback, useEffect, useState } from 'react';
import { ProtocolError } from '../../protocol/errors.ts';
import type { StreamPost } from '../../protocol/posts.ts';
import type { RecordingStatus } from '../../protocol/recordings.ts';
import { useStudio } from '../app/studio-context.ts';
import { usePolling } from '../ui/use-polling.ts';
import { cardState } from './card-state.ts';

/** How often a card whose replay is being finished asks whether it is. */
const POLL_MS = 1_000;

/** The recording's newest status, asked for only while its replay is on the way. */
export function useRecordingStatus(post: StreamPost): RecordingStatus | undefined {
  const { api } = useStudio();
  const [status, setStatus] = useState<RecordingStatus>();
  const waiting = cardState(post, status) === 'processing';

  const poll = useCallback(async () => {
    try {
      setStatus(await api.recording(post.roomId, post.recordingId));
    } catch (error) {
      // The next poll asks again; a refusal of another kind is a bug that should be seen.
      if (!(error instanceof ProtocolError)) throw error;
    }
  }, [api, post.roomId, post.recordingId]);

  useEffect(() => {
    if (waiting) void poll();
  }, [waiting, poll]);
  usePolling(poll, waiting ? POLL_MS : undefined);

  return status?.recordingId === post.recordingId ? status : undefined;
}
