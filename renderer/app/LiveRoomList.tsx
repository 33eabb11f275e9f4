import { Link } from '@tanstack/react-router';
import type { Room } from '../../protocol/rooms.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import styles from './LiveRoomList.module.css';

/** Links into the rooms that are on now. */
export function LiveRoomList({ rooms }: { rooms: readonly Room[] }) {
  const current = useStreamingState((state) =>
    state.phase === 'inside' ? state.room?.roomId : undefined,
  );
  return (
    <ul className={styles.list}>
      {rooms.map((room) => (
        <li key={room.roomId}>
          <Link
            to={room.roomId === current ? '/room/$roomId' : '/join/$roomId'}
            params={{ roomId: room.roomId }}
            className={styles.room}
            activeProps={{ 'aria-current': 'page' }}
          >
            <span className={styles.dot} data-broadcast={room.broadcast} aria-hidden="true" />
            <span className={styles.words}>
              <span className={styles.title}>{room.title}</span>
              <span className={styles.host}>
                {room.host.displayName} · {peopleWords(room.participantCount)}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function peopleWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
