import { CloudOff, DoorClosed, Hourglass, VideoOff } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { ProtocolError } from '../../protocol/errors.ts';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { ReplayNotice } from '../replay/ReplayNotice.tsx';
import styles from '../replay/ReplayPage.module.css';
import { ReplayPage } from '../replay/ReplayPage.tsx';
import { REFUSALS } from '../replay/replay-refusals.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';
import { usePolling } from '../ui/use-polling.ts';
import { JoinInstead } from './JoinInstead.tsx';
import { LiveView } from './LiveView.tsx';
import { type LiveShow, loadShow, showState } from './live-show.ts';

/** How often a page asks what has become of the room: its title, its viewers, its end. */
const POLL_MS = 4_000;

/** Watching a room that is live without being in it. */
export function WatchPage({ roomId }: { roomId: string }) {
  const { api } = useStudio();
  const load = useCallback(() => loadShow(api, roomId), [api, roomId]);
  const { state, reload, set } = useLoad(load);
  /** What was begun live goes on in the same player when it is over. */
  const begun = useRef<{ show: LiveShow; recordingId: string }>(undefined);
  usePolling(
    async () => {
      try {
        set(await load());
      } catch (error) {
        // A node that is away for a moment takes nothing from the page; a refusal does.
        if (error instanceof ProtocolError && error.code !== 'internal') reload();
      }
    },
    state.status === 'ready' ? POLL_MS : undefined,
  );
  usePageTitle(state.status === 'ready' ? (state.value.room?.title ?? 'Watch') : 'Watch live');

  if (state.status === 'loading') {
    return (
      <div className={styles.page} role="status">
        <span className="visually-hidden">Loading the room</span>
        <div className={styles.placeholder} />
        <Skeleton width="60%" height="28px" />
      </div>
    );
  }
  if (state.status === 'failed') {
    const { code, message } = state.problem;
    const refusal = REFUSALS[code] ?? { title: 'The room can’t be watched', icon: <CloudOff /> };
    return (
      <ReplayNotice {...refusal} onRetry={reload}>
        {message}
      </ReplayNotice>
    );
  }
  const show = state.value;
  const shows = showState(show);
  if (shows === 'live' && show.status && show.room) {
    begun.current = { show, recordingId: show.status.recordingId };
  }
  const { current } = begun;
  if (current && show.status?.recordingId === current.recordingId) {
    return <LiveView roomId={roomId} show={{ ...show, room: show.room ?? current.show.room }} />;
  }
  switch (shows) {
    case 'live':
    case 'starting':
      return (
        <ReplayNotice icon={<Hourglass />} title="It is about to begin">
          The first seconds are being recorded. They start here by themselves.
        </ReplayNotice>
      );
    case 'waiting':
      return (
        <ReplayNotice icon={<Hourglass />} title="The host is not live yet">
          It starts here by itself as soon as the host goes live.
        </ReplayNotice>
      );
    case 'not-recorded':
      return (
        <ReplayNotice
          icon={<VideoOff />}
          title="This room is for those who join it"
          actions={<JoinInstead roomId={roomId} />}
        >
          Its host does not record it, so it can’t be watched from outside. You can join it.
        </ReplayNotice>
      );
    case 'recorded':
      return <ReplayPage roomId={roomId} postId={undefined} recordingId={undefined} />;
    case 'over':
      return (
        <ReplayNotice icon={<DoorClosed />} title="This room is over">
          It was not recorded.
        </ReplayNotice>
      );
  }
}
