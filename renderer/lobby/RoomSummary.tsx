import { Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import type { Room } from '../../protocol/rooms.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Chip } from '../ui/Chip.tsx';
import type { Explanation } from '../ui/explain.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import type { Loaded } from '../ui/use-load.ts';
import styles from './Lobby.module.css';

export interface RoomSummaryProps {
  room: Loaded<Room>;
  /** Why one can't just go in, where that is so. */
  shut: Explanation | undefined;
}

/** What room this is the door of, as far as one may know. */
export function RoomSummary({ room, shut }: RoomSummaryProps) {
  if (room.status === 'loading') {
    return (
      <div className={styles.summary} role="status">
        <span className="visually-hidden">Looking for the room</span>
        <Skeleton width="80%" height="30px" />
        <Skeleton width="180px" height="20px" />
      </div>
    );
  }
  if (room.status === 'failed' && shut) {
    return (
      <header className={styles.summary}>
        <h1 className={styles.title}>This room takes an invitation</h1>
        <p className={styles.why}>{shut.message} Or ask to be let in: the host hears it at once.</p>
      </header>
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
      {shut && <p className={styles.why}>{shut.message} Or ask to be let in.</p>}
      {broadcast === 'broadcast' && recording === 'recording' && (
        <p className={styles.why}>
          Only want to watch?{' '}
          <Link to="/watch/$roomId" params={{ roomId: room.value.roomId }}>
            Watch it live from outside
          </Link>
          , some seconds behind the room.
        </p>
      )}
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
