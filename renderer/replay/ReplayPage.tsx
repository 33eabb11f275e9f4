import { CalendarX2, CloudOff, Hourglass, TriangleAlert } from 'lucide-react';
import { useCallback } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';
import { usePolling } from '../ui/use-polling.ts';
import { RecordingView } from './RecordingView.tsx';
import { ReplayDetails } from './ReplayDetails.tsx';
import { ReplayNotice } from './ReplayNotice.tsx';
import styles from './ReplayPage.module.css';
import { loadReplay, type ReplayInfo } from './replay-info.ts';
import { REFUSALS } from './replay-refusals.tsx';

/** How often a replay that is being finished is asked for. */
const POLL_MS = 1_000;

export interface ReplayPageProps {
  roomId: string;
  postId: string | undefined;
  /** Which of the room's recordings; the latest by default. */
  recordingId: string | undefined;
  /** Where to begin, in seconds. */
  startS?: number | undefined;
}

/** Watching what was recorded of a room. */
export function ReplayPage({ roomId, postId, recordingId, startS }: ReplayPageProps) {
  const { api } = useStudio();
  const load = useCallback(
    () => loadReplay(api, roomId, postId, recordingId),
    [api, roomId, postId, recordingId],
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
  return <LoadedReplay {...{ roomId, startS }} replay={state.value} onChanged={set} />;
}

function LoadedReplay(props: {
  roomId: string;
  replay: ReplayInfo;
  startS: number | undefined;
  onChanged: (replay: ReplayInfo) => void;
}) {
  const { roomId, replay, startS, onChanged } = props;
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
        <RecordingView
          roomId={roomId}
          status={replay.status}
          title={replay.title}
          hostUserId={replay.hostUserId ?? ''}
          startS={startS}
        >
          <ReplayDetails {...{ roomId, replay, onChanged }} />
        </RecordingView>
      );
  }
}
