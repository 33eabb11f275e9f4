import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, Eye, FileText, Pin, Play } from 'lucide-react';
import type { StreamPost } from '../../protocol/posts.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { dateOf, exactTime } from '../ui/relative-time.ts';
import { Spinner } from '../ui/Spinner.tsx';
import type { CardState } from './card-state.ts';
import { JoinButton } from './JoinButton.tsx';
import { replayOf } from './replay-of.ts';
import styles from './StreamCard.module.css';

export interface StreamCardActionsProps {
  post: StreamPost;
  state: CardState;
  /** It is being recorded, so it can be watched from outside. */
  isRecorded: boolean;
  /** There is a replay to watch. */
  replay: boolean;
  /** Why there is none. */
  failure?: string;
  /** ISO 8601. */
  retainUntil: string | undefined;
  pinned: boolean;
}

/** What can be done with the stream now, or why nothing can. */
export function StreamCardActions(props: StreamCardActionsProps) {
  const { post, state, isRecorded, replay, failure, retainUntil, pinned } = props;
  return (
    <div className={styles.actions}>
      {state === 'live' && <JoinButton roomId={post.roomId} />}
      {state === 'live' && isRecorded && <WatchLiveButton roomId={post.roomId} />}
      {replay && <WatchButton post={post} prominent={state !== 'live'} />}
      {replay && post.summaryId !== undefined && <Chip icon={<FileText />}>Summary</Chip>}
      {replay && <Kept until={retainUntil} pinned={pinned} />}
      {state === 'processing' && (
        <p className={`${styles.note} ${styles.waiting}`} role="status">
          <Spinner /> The replay will be here in a moment.
        </p>
      )}
      {state === 'ended' && (
        <p className={styles.note}>This room has ended. It was not recorded.</p>
      )}
      {state === 'expired' && (
        <p className={styles.note}>
          The replay is no longer kept: its time was over, or its host deleted it.
        </p>
      )}
      {state === 'failed' && (
        <p className={styles.note}>
          {failure ?? 'The recording could not be finished, so there is no replay.'}
        </p>
      )}
      {state === 'scheduled' && (
        <p className={styles.note}>
          Starts <RelativeTime at={post.startsAt} />.
        </p>
      )}
    </div>
  );
}

function WatchLiveButton({ roomId }: { roomId: string }) {
  const navigate = useNavigate();
  return (
    <Button
      icon={<Eye size={18} aria-hidden="true" />}
      onClick={() => navigate({ to: '/watch/$roomId', params: { roomId } })}
    >
      Watch live
    </Button>
  );
}

function WatchButton({ post, prominent }: { post: StreamPost; prominent: boolean }) {
  const navigate = useNavigate();
  return (
    <Button
      variant={prominent ? 'primary' : 'secondary'}
      icon={<Play size={18} aria-hidden="true" />}
      onClick={() =>
        navigate({
          to: '/replay/$roomId',
          params: { roomId: post.roomId },
          search: replayOf(post),
        })
      }
    >
      Watch replay
    </Button>
  );
}

function Kept({ until, pinned }: { until: string | undefined; pinned: boolean }) {
  if (pinned) return <Chip icon={<Pin />}>Kept for good</Chip>;
  if (until === undefined) return null;
  const untilMs = Date.parse(until);
  return (
    <Chip icon={<CalendarClock />} title={exactTime(untilMs)}>
      Kept until {dateOf(untilMs, Date.now())}
    </Chip>
  );
}
