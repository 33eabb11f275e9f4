import { Link } from '@tanstack/react-router';
import type { StreamPost } from '../../protocol/posts.ts';
import { LinkedText, MarkedWords } from '../ui/LinkedText.tsx';
import { CardFrame } from './CardFrame.tsx';
import { type CardState, cardState, hasReplay } from './card-state.ts';
import styles from './StreamCard.module.css';
import { StreamCardActions } from './StreamCardActions.tsx';
import { StreamPoster } from './StreamPoster.tsx';
import { useRecordingStatus } from './use-recording-status.ts';

const DOING: Record<CardState, string> = {
  scheduled: 'will go live',
  live: 'is live',
  processing: 'was live',
  ready: 'was live',
  expired: 'was live',
  failed: 'was live',
  ended: 'was live',
};

export interface StreamCardProps {
  post: StreamPost;
  viewers?: number | undefined;
  marked?: readonly string[];
  onChanged: () => Promise<void>;
}

/** A room in the feed: live, then its replay, then what is left of it. */
export function StreamCard({ post, viewers, marked = [], onChanged }: StreamCardProps) {
  const status = useRecordingStatus(post);
  const state = cardState(post, status);
  const replay = hasReplay(post, status);
  const titleId = `${post.postId}-title`;
  return (
    <CardFrame
      post={post}
      doing={DOING[state]}
      onChanged={onChanged}
      data-testid="stream-card"
      data-post-id={post.postId}
      data-state={state}
      aria-labelledby={titleId}
    >
      <StreamPoster
        {...{ post, state, viewers }}
        durationMs={status?.durationMs ?? post.durationMs}
      />
      <div className={styles.words}>
        <h2 id={titleId} className={styles.title}>
          <MarkedWords text={post.title} marked={marked} />
        </h2>
        {post.text && (
          <p className={styles.text}>
            <LinkedText text={post.text} marked={marked} />
          </p>
        )}
        {post.tags.length > 0 && (
          <ul className={styles.tags} aria-label="Tags">
            {post.tags.map((tag) => (
              <li key={tag}>
                <Link to="/search" search={{ q: `#${tag}` }}>
                  #{tag}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
      <StreamCardActions
        post={post}
        state={state}
        isRecorded={(status?.state ?? post.recordingState) === 'recording'}
        replay={replay}
        {...(status?.error !== undefined && { failure: status.error })}
        retainUntil={status?.retainUntil ?? post.retainUntil}
        pinned={status?.pinned ?? false}
      />
    </CardFrame>
  );
}
