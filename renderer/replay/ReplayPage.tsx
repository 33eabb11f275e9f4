import { Link } from '@tanstack/react-router';
import { CalendarX2, CloudOff, Hourglass, Lock, TriangleAlert, VideoOff } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';
import { usePolling } from '../ui/use-polling.ts';
import { ReplayDetails } from './ReplayDetails.tsx';
import styles from './ReplayPage.module.css';
import { ReplayPlayer } from './ReplayPlayer.tsx';
import { loadReplay, type ReplayInfo } from './replay-info.ts';

/** How often a replay that is being finished is asked for. */
const POLL_MS = 1_000;

const REFUSALS: Record<string, { title: string; icon: ReactNode }> = {
  'recording-not-found': { title: 'There is no replay', icon: <VideoOff /> },
  'recording-expired': { title: 'The replay is no longer kept', icon: <CalendarX2 /> },
  'post-not-found': { title: 'There is no replay', icon: <VideoOff /> },
  'invite-required': { title: 'This replay is not for everybody', icon: <Lock /> },
  forbidden: { title: 'This replay is not for everybody', icon: <Lock /> },
  'auth-required': { title: 'This replay is not for everybody', icon: <Lock /> },
};

export interface ReplayPageProps {
  roomId: string;
  postId: string | undefined;
  /** Which of the room's recordings; the latest by default. */
  recordingId: string | undefined;
}

/** Watching what was recorded of a room. */
export function ReplayPage({ roomId, postId, recordingId }: ReplayPageProps) {
  const { api, sessions } = useStudio();
  const load = useCallback(
    () => loadReplay(api, () => sessions.token(), roomId, postId, recordingId),
    [api, sessions, roomId, postId, recordingId],
  );
  const { state, reload, set } = useLoad(load);
  const pending =
    state.status === 'ready' && ['recording', 'finalizing'].includes(state.value.status.state);
  usePolling(async () => set(await load()), pending ? POLL_MS : undefined);
  usePageTitle(state.status === 'ready' ? state.value.title : 'Replay');

  if (state.status === 'loading') {
    return (
      <div className={styles.page} role="status">
        <span className="visually-hidden">Loading the replay</span>
        <div className={styles.placeholder} />
        <Skeleton width="60%" height="28px" />
        <Skeleton width="240px" height="18px" />
      </div>
    );
  }
  if (state.status === 'failed') {
    const { code, message } = state.problem;
    const refusal = REFUSALS[code] ?? {
      title: 'The replay could not be loaded',
      icon: <CloudOff />,
    };
    return (
      <ReplayNotice {...refusal} onRetry={reload}>
        {message}
      </ReplayNotice>
    );
  }
  return <LoadedReplay roomId={roomId} replay={state.value} onChanged={set} />;
}

function LoadedReplay(props: {
  roomId: string;
  replay: ReplayInfo;
  onChanged: (replay: ReplayInfo) => void;
}) {
  const { roomId, replay, onChanged } = props;
  const { api } = useStudio();
  switch (replay.status.state) {
    case 'recording':
    case 'finalizing':
      return (
        <ReplayNotice icon={<Hourglass />} title="The replay is being finished">
          It starts here by itself as soon as it is ready.
        </ReplayNotice>
      );
    case 'expired':
      return (
        <ReplayNotice icon={<CalendarX2 />} title="The replay is no longer kept">
          Its time was over, or its host deleted it.
        </ReplayNotice>
      );
    case 'failed':
      return (
        <ReplayNotice icon={<TriangleAlert />} title="There is no replay">
          {replay.status.error ?? 'The recording could not be finished.'}
        </ReplayNotice>
      );
    case 'ready':
      return (
        <div className={styles.page}>
          <ReplayPlayer
            playlistUrl={api.baseUrl + replay.status.playlistUrl}
            title={replay.title}
            chapters={replay.status.chapters ?? []}
          />
          <ReplayDetails {...{ roomId, replay, onChanged }} />
        </div>
      );
  }
}

function ReplayNotice(props: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  onRetry?: () => void;
}) {
  const { onRetry, children, ...notice } = props;
  return (
    <Notice
      {...notice}
      actions={
        <>
          {onRetry && (
            <Button variant="primary" onClick={onRetry}>
              Try again
            </Button>
          )}
          <Link to="/" className={buttonClass({})}>
            Go to the start
          </Link>
        </>
      }
      page
      alert
    >
      {children}
    </Notice>
  );
}
