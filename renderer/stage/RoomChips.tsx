import { Globe, Lock, LockKeyhole, Users, Waypoints, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Visibility } from '../../protocol/rooms.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Chip } from '../ui/Chip.tsx';
import styles from './RoomChips.module.css';
import { RecordingChip } from './recording/RecordingChip.tsx';

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
      {room.relayedBy !== undefined && (
        <Chip
          icon={<Waypoints />}
          title="It passes on what is encrypted by each person for all the others, and can’t open it"
        >
          Relayed by {room.relayedBy}, end-to-end encrypted
        </Chip>
      )}
      {room.private && room.relayedBy === undefined && (
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
