import { CircleAlert } from 'lucide-react';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import styles from '../moderation/HeldNotice.module.css';
import { recordingTroubleWords } from './recording-words.ts';

/** Says what is amiss with the recording and what is being done, to everybody in the room. */
export function RecordingNotice() {
  const trouble = useStreamingState(recordingTroubleWords);
  const paused = useStreamingState((state) => state.room?.recordingPausedAt !== undefined);
  return (
    <div className={styles.notices} role="status">
      {paused && <span className="visually-hidden">The recording is paused.</span>}
      {trouble !== undefined && (
        <p className={styles.notice} data-testid="recording-trouble">
          <CircleAlert size={16} aria-hidden="true" /> {trouble}
        </p>
      )}
    </div>
  );
}
