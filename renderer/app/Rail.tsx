import { Link } from '@tanstack/react-router';
import { Clapperboard, FolderKanban, Search, UserRound } from 'lucide-react';
import { BrandMark } from './BrandMark.tsx';
import { LiveRoomList } from './LiveRoomList.tsx';
import { OwnMenu } from './OwnMenu.tsx';
import styles from './Rail.module.css';
import { useStudio } from './studio-context.ts';
import { useLiveRooms } from './use-live-rooms.ts';

/** The studio's navigation: own pages, and what is live at this node. */
export function Rail() {
  const { node, place, info } = useStudio();
  const rooms = useLiveRooms();
  return (
    <header className={styles.rail}>
      <Link to="/" className={styles.brand}>
        <BrandMark />
        <span className={styles.label}>Swarm Studio</span>
      </Link>
      {place?.kind === 'home' && <p className={styles.place}>Rooms on {place.name}</p>}
      <nav aria-label="Main" className={styles.nav}>
        <Link to="/" className={styles.link} activeOptions={{ exact: true }}>
          <UserRound size={20} aria-hidden="true" />
          <span className={styles.label}>Profile</span>
        </Link>
        {node.features.includes('projects') && (
          <Link to="/projects" className={styles.link}>
            <FolderKanban size={20} aria-hidden="true" />
            <span className={styles.label}>Projects</span>
          </Link>
        )}
        <Link to="/search" className={styles.link}>
          <Search size={20} aria-hidden="true" />
          <span className={styles.label}>Search</span>
        </Link>
        {info?.features.includes('recording') && (
          <Link to="/recordings" className={styles.link}>
            <Clapperboard size={20} aria-hidden="true" />
            <span className={styles.label}>Recordings</span>
          </Link>
        )}
      </nav>
      {rooms.length > 0 && (
        <nav aria-label="Live now" className={styles.live}>
          <h2 className={styles.heading}>Live now</h2>
          <LiveRoomList rooms={rooms} />
        </nav>
      )}
      <div className={styles.own}>
        <OwnMenu />
      </div>
    </header>
  );
}
