import { Outlet } from '@tanstack/react-router';
import { useOpenedLinks } from '../home/use-opened-links.ts';
import { VisitBar } from '../home/VisitBar.tsx';
import { LaunchProvider } from '../launch/LaunchProvider.tsx';
import { FirstStartDialog } from '../profile/FirstStartDialog.tsx';
import { RoomAudio } from '../stage/RoomAudio.tsx';
import { RoomTray } from '../stage/RoomTray.tsx';
import { Rail } from './Rail.tsx';
import styles from './Shell.module.css';
import { StudioAway } from './StudioAway.tsx';
import { useStudio } from './studio-context.ts';
import { TopBar } from './TopBar.tsx';
import { useReady } from './use-ready.ts';

/** What stays while pages change: navigation, and the room one is in. */
export function Shell() {
  const { member, bridge } = useStudio();
  useReady();
  useOpenedLinks();
  return (
    <LaunchProvider>
      <div className={styles.shell} data-guest={member === undefined || undefined}>
        <a className={styles.skip} href="#page">
          Skip to the page
        </a>
        {member ? <Rail /> : <TopBar />}
        {bridge && <StudioAway bridge={bridge} />}
        <main id="page" className={styles.page} tabIndex={-1}>
          <VisitBar />
          <Outlet />
        </main>
        <RoomTray />
      </div>
      <RoomAudio />
      <FirstStartDialog />
    </LaunchProvider>
  );
}
