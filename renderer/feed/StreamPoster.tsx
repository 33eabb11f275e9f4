import { Link } from '@tanstack/react-router';
import { Clock3, Eye, LoaderCircle, Play, TriangleAlert } from 'lucide-react';
import type { StreamPost } from '../../protocol/posts.ts';
import { Chip } from '../ui/Chip.tsx';
import { ConstellationArt } from '../ui/ConstellationArt.tsx';
import { clockDuration } from '../ui/duration.ts';
import type { CardState } from './card-state.ts';
import { replayOf } from './replay-of.ts';
import styles from './StreamPoster.module.css';
import { usePicture } from './use-picture.ts';

export interface StreamPosterProps {
  post: StreamPost;
  state: CardState;
  /** How many watch now. */
  viewers: number | undefined;
  /** Of the recording, in milliseconds. */
  durationMs: number | undefined;
}

/** The picture of a stream card, with its state in the corner. */
export function StreamPoster({ post, state, viewers, durationMs }: StreamPosterProps) {
  const picture = usePicture(post.thumbnailId);
  return (
    <div className={styles.poster} data-state={state}>
      {picture === undefined ? (
        <ConstellationArt seed={post.roomId} />
      ) : (
        <img className={styles.picture} src={picture} alt="" />
      )}
      <div className={styles.corner}>
        <StateChip state={state} />
        {state === 'live' && viewers !== undefined && (
          <Chip icon={<Eye />}>{viewers === 1 ? '1 watching' : `${viewers} watching`}</Chip>
        )}
      </div>
      {state === 'ready' && (
        <>
          <Link
            to="/replay/$roomId"
            params={{ roomId: post.roomId }}
            search={replayOf(post)}
            className={styles.watch}
            aria-label={`Watch replay: ${post.title}`}
          >
            <span className={styles.play}>
              <Play fill="currentColor" aria-hidden="true" />
            </span>
          </Link>
          {durationMs !== undefined && (
            <span className={styles.duration}>
              <span className="visually-hidden">Duration </span>
              {clockDuration(durationMs)}
            </span>
          )}
        </>
      )}
    </div>
  );
}

function StateChip({ state }: { state: CardState }) {
  switch (state) {
    case 'scheduled':
      return <Chip icon={<Clock3 />}>Scheduled</Chip>;
    case 'live':
      return (
        <Chip tone="live" pulsing>
          Live
        </Chip>
      );
    case 'processing':
      return (
        <Chip tone="accent" icon={<LoaderCircle />}>
          Finishing the replay
        </Chip>
      );
    case 'ready':
      return <Chip tone="accent">Replay</Chip>;
    case 'expired':
      return <Chip>Replay expired</Chip>;
    case 'failed':
      return (
        <Chip tone="warn" icon={<TriangleAlert />}>
          No replay
        </Chip>
      );
    case 'ended':
      return <Chip>Ended</Chip>;
  }
}
