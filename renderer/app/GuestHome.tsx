import { Radio } from 'lucide-react';
import { Notice } from '../ui/Notice.tsx';
import styles from './GuestHome.module.css';
import { LiveRoomList } from './LiveRoomList.tsx';
import { useStudio } from './studio-context.ts';
import { useLiveRooms } from './use-live-rooms.ts';
import { usePageTitle } from './use-page-title.ts';

/** What a visitor without an invitation finds: the rooms that are open to all. */
export function GuestHome() {
  const { node } = useStudio();
  const rooms = useLiveRooms();
  usePageTitle(node.name);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{node.name}</h1>
        <p>Rooms that are open to everybody right now. For others, use the link you were sent.</p>
      </header>
      {rooms.length === 0 ? (
        <Notice icon={<Radio />} title="Nobody is live right now">
          Come back when a room is on, or open the invite link you were sent.
        </Notice>
      ) : (
        <LiveRoomList rooms={rooms} />
      )}
    </div>
  );
}
