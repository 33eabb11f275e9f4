import { useEffect, useRef } from 'react';
import type { Post } from '../../protocol/posts.ts';
import { useVirtualRows } from '../ui/use-virtual-rows.ts';
import styles from './Feed.module.css';
import { PostCard } from './PostCard.tsx';
import { PostSkeleton } from './PostSkeleton.tsx';
import type { FeedView } from './use-feed.ts';

/** A text of some lines, in pixels; the cards of streams are taller, and measured anyway. */
const CARD_PX = 160;
const GAP_PX = 16;
/** The next page is asked for when so few loaded posts are left below those in sight. */
const LOAD_AHEAD = 12;

export interface PostListProps {
  feed: FeedView;
  marked?: readonly string[];
}

/** The posts in sight, of however many were loaded; older ones come as one gets near them. */
export function PostList({ feed, marked }: PostListProps) {
  const { pinned, posts, nextCursor, problem, loadMore, measured } = feed;
  const list = useRef<HTMLOListElement>(null);
  const loaded = pinned.length + posts.length;
  const more = nextCursor !== undefined && !problem;
  const postAt = (index: number): Post | undefined => pinned[index] ?? posts[index - pinned.length];
  const { virtualizer, totalPx, rows, focused, blurred } = useVirtualRows({
    ...{ count: loaded + (more ? 1 : 0), estimatedPx: CARD_PX, gapPx: GAP_PX, overscan: 4, list },
    keyOf: (index) => postAt(index)?.postId ?? 'more',
    measured,
  });
  const last = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (more && last >= loaded - LOAD_AHEAD) void loadMore();
  }, [more, last, loaded, loadMore]);
  useEffect(
    () => () => {
      measured.splice(0, measured.length, ...virtualizer.measurementsCache);
    },
    [measured, virtualizer],
  );

  return (
    <ol ref={list} className={styles.posts} style={{ height: totalPx }} onBlur={blurred}>
      {rows.map(({ index, offsetPx }) => {
        const post = postAt(index);
        return (
          <li
            key={post?.postId ?? 'more'}
            ref={virtualizer.measureElement}
            data-index={index}
            aria-setsize={more ? -1 : loaded}
            aria-posinset={index + 1}
            className={styles.place}
            style={{ transform: `translateY(${offsetPx}px)` }}
            onFocus={() => focused(index)}
          >
            {post ? (
              <PostCard
                post={post}
                viewers={post.kind === 'stream' ? feed.viewers.get(post.roomId) : undefined}
                onChanged={feed.refresh}
                {...(marked && { marked })}
              />
            ) : (
              <PostSkeleton />
            )}
          </li>
        );
      })}
    </ol>
  );
}
