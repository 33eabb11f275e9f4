import { CloudOff, Newspaper } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Notice } from '../ui/Notice.tsx';
import styles from './Feed.module.css';
import { PostList } from './PostList.tsx';
import { PostSkeleton } from './PostSkeleton.tsx';
import type { FeedView } from './use-feed.ts';

export interface FeedProps {
  feed: FeedView;
  /** Names the list, e.g. `Feed`. */
  label?: string;
  /** What an empty feed says; its reader may be its owner or a visitor. */
  emptyTitle: string;
  empty: ReactNode;
  /** Words that stand out in posts, in lower case. */
  marked?: readonly string[];
}

/** Posts: what is pinned, then newest first. */
export function Feed({ feed, label = 'Feed', emptyTitle, empty, marked }: FeedProps) {
  if (feed.status === 'loading') return <FeedSkeleton />;
  if (feed.status === 'failed') {
    return (
      <Notice
        icon={<CloudOff />}
        title="The feed could not be loaded"
        actions={<Button onClick={feed.refresh}>Try again</Button>}
        alert
      >
        {feed.problem?.message}
      </Notice>
    );
  }
  const isEmpty = feed.posts.length === 0 && feed.pinned.length === 0;
  return (
    <section aria-label={label} className={styles.feed}>
      {feed.problem && <InlineProblem message={feed.problem.message} />}
      {isEmpty ? (
        <Notice icon={<Newspaper />} title={emptyTitle}>
          {empty}
        </Notice>
      ) : (
        <PostList feed={feed} {...(marked && { marked })} />
      )}
      {feed.problem && feed.nextCursor !== undefined && (
        <Button className={styles.more} busy={feed.loadingMore} onClick={feed.loadMore}>
          Load more
        </Button>
      )}
    </section>
  );
}

function FeedSkeleton() {
  return (
    <div className={styles.feed} role="status">
      <span className="visually-hidden">Loading the feed</span>
      {['first', 'second', 'third'].map((key) => (
        <PostSkeleton key={key} />
      ))}
    </div>
  );
}
