import { useEffect } from 'react';
import { usePageTitle } from '../app/use-page-title.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { AfterPicture } from './AfterPicture.tsx';
import { InvitePanel } from './InvitePanel.tsx';
import { BannedList } from './moderation/BannedList.tsx';
import { RoomChips } from './RoomChips.tsx';
import { RoomOver } from './RoomOver.tsx';
import { Roster } from './Roster.tsx';
import { Stage } from './Stage.tsx';
import styles from './StagePage.module.css';

/** The room one is in, in full. */
export function StagePage({ roomId }: { roomId: string }) {
  const { dismiss } = useStreamingActions();
  const phase = useStreamingState((state) => state.phase);
  const room = useStreamingState((state) => state.room);
  const count = useStreamingState(({ participants }) => Object.keys(participants).length);
  usePageTitle(room?.title ?? 'Room');

  // An ended room is forgotten once its page has been left.
  useEffect(() => {
    if (phase === 'ended') return () => dismiss();
  }, [phase, dismiss]);

  if (phase !== 'inside' || room?.roomId !== roomId) return <RoomOver roomId={roomId} />;
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h1 className={styles.title}>{room.title}</h1>
          <p className={styles.host}>Hosted by {room.host.displayName}</p>
        </div>
        <AfterPicture>
          <RoomChips />
        </AfterPicture>
      </header>
      <div className={styles.body}>
        <Stage />
        <aside className={styles.side} aria-label="People and invitations">
          <AfterPicture>
            <section aria-labelledby="stage-people">
              <h2 id="stage-people" className={styles.sideTitle}>
                In the room <span>{count}</span>
              </h2>
              <Roster />
            </section>
            <BannedList />
            <InvitePanel />
          </AfterPicture>
        </aside>
      </div>
    </div>
  );
}
