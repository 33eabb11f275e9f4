import { CloudOff, Newspaper } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import styles from './Feed.module.css';
import { StreamCard } from './StreamCard.tsx';
import { TextCard } from './TextCard.tsx';
import type { FeedView } from './use-feed.ts';

export interface FeedProps {
  feed: FeedView;
  /** What an empty feed says; its reader may be its owner or a visitor. */
  emptyTitle: string;
  empty: ReactNode;
}

/** Posts, newest first. */
export function Feed({ feed, emptyTitle, empty }: FeedProps) {
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
  return (
    <section aria-label="Feed" className={styles.feed}>
      {feed.problem && <InlineProblem message={feed.problem.message} />}
      {feed.posts.length === 0 && (
        <Notice icon={<Newspaper />} title={emptyTitle}>
          {empty}
        </Notice>
      )}
      <ol className={styles.posts}>
        {feed.posts.map((post) => (
          <li key={post.postId}>
            {post.kind === 'stream' ? (
              <StreamCard post={post} onChanged={feed.refresh} />
            ) : (
              <TextCard post={post} onChanged={feed.refresh} />
            )}
          </li>
        ))}
      </ol>
      {feed.nextCursor !== undefined && (
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
        <div key={key} className={styles.placeholder} aria-hidden="true">
          <div className={styles.placeholderHead}>
            <Skeleton width="40px" height="40px" radius="999px" />
            <Skeleton width="180px" height="14px" />
          </div>
          <Skeleton width="92%" height="14px" />
          <Skeleton width="64%" height="14px" />
        </div>
      ))}
    </div>
  );
}
