import { Lock } from 'lucide-react';
import type { Room } from '../../protocol/rooms.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import type { Loaded } from '../ui/use-load.ts';
import styles from './Lobby.module.css';

/** What room this is the door of, as far as one may know. */
export function RoomSummary({ room }: { room: Loaded<Room> }) {
  if (room.status === 'loading') {
    return (
      <div className={styles.summary} role="status">
        <span className="visually-hidden">Looking for the room</span>
        <Skeleton width="80%" height="30px" />
        <Skeleton width="180px" height="20px" />
      </div>
    );
  }
  if (room.status === 'failed') {
    return (
      <header className={styles.summary}>
        <h1 className={styles.title}>You are invited to a private room</h1>
        <p className={styles.host}>
          <Lock size={16} aria-hidden="true" /> Its name is shown once you are in.
        </p>
      </header>
    );
  }
  const { title, host, broadcast, recording, participantCount } = room.value;
  return (
    <header className={styles.summary}>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.host}>
        <Avatar name={host.displayName} size="small" />
        <span>
          Hosted by <strong>{host.displayName}</strong>
        </span>
      </p>
      <div className={styles.chips}>
        {broadcast === 'broadcast' && (
          <Chip tone="live" pulsing>
            Live
          </Chip>
        )}
        {recording === 'recording' && (
          <Chip tone="live-soft" pulsing>
            This room is recorded
          </Chip>
        )}
        <Chip>{peopleWords(participantCount)}</Chip>
      </div>
    </header>
  );
}

function peopleWords(count: number): string {
  if (count === 0) return 'Nobody is in yet';
  return count === 1 ? '1 person is in' : `${count} people are in`;
}
