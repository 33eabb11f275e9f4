import { CircleAlert, Clock3, Globe, Lock, LockKeyhole, Users, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { DEFAULT_RETENTION_DAYS } from '../../protocol/recordings.ts';
import type { Visibility } from '../../protocol/rooms.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Chip } from '../ui/Chip.tsx';
import { clockDuration } from '../ui/duration.ts';
import { useNow } from '../ui/use-now.ts';
import styles from './RoomChips.module.css';

const VISIBILITY: Record<Visibility, { words: string; icon: ReactNode }> = {
  public: { words: 'Public', icon: <Globe /> },
  followers: { words: 'Followers', icon: <Users /> },
  'invite-only': { words: 'Invite only', icon: <Lock /> },
};

/** What everybody in the room should know about it at a glance. */
export function RoomChips() {
  const room = useStreamingState((state) => state.room);
  const signalling = useStreamingState((state) => state.signalling);
  if (!room) return null;
  const visibility = VISIBILITY[room.visibility];
  return (
    <div className={styles.chips}>
      {room.broadcast === 'broadcast' ? (
        <Chip tone="live" pulsing>
          Live
        </Chip>
      ) : (
        <Chip title="Only people in the room know about it">Backstage</Chip>
      )}
      <RecordingChip />
      <Chip icon={visibility.icon}>{visibility.words}</Chip>
      {room.private && (
        <Chip icon={<LockKeyhole />} title="Only the people in this room can see and hear it">
          End-to-end encrypted
        </Chip>
      )}
      {signalling === 'retrying' && (
        <Chip tone="warn" icon={<WifiOff />} title="What you see and hear goes on meanwhile">
          Reconnecting to the room… media continues
        </Chip>
      )}
    </div>
  );
}

function RecordingChip() {
  const recording = useStreamingState((state) => state.room?.recording);
  const problem = useStreamingState(
    (state) => state.recorder.problem ?? state.room?.recordingError,
  );
  const startedAt = useStreamingState((state) => state.room?.recordingStartedAt);
  switch (recording) {
    case 'starting':
      return <Chip tone="live-soft">REC starting</Chip>;
    case 'recording':
      return (
        <>
          <Chip tone="live-soft" pulsing>
            REC{startedAt !== undefined && <RunningTime since={startedAt} />}
          </Chip>
          <Chip icon={<Clock3 />} title="Its host can keep it longer or delete it">
            Kept {DEFAULT_RETENTION_DAYS} days
          </Chip>
        </>
      );
    case 'stopping':
      return <Chip tone="live-soft">REC finishing</Chip>;
    case 'failed':
      return (
        <Chip tone="warn" icon={<CircleAlert />} {...(problem && { title: problem })}>
          Recording failed
        </Chip>
      );
    default:
      return null;
  }
}

/** @param since ISO 8601. */
function RunningTime({ since }: { since: string }) {
  const now = useNow(500);
  return <> {clockDuration(now - Date.parse(since))}</>;
}
