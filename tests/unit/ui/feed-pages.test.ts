import { describe, expect, test } from 'vitest';
import type { Post } from '../../../protocol/posts.ts';
import {
  appendPage,
  type LoadedFeed,
  refreshTop,
  withChangedPost,
  withoutPost,
  withPost,
} from '../../../renderer/feed/feed-pages.ts';

/** A post of second `n`: a larger one is newer. */
function post(n: number, text = `post ${n}`): Post {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
  return {
    kind: 'text',
    postId: `post_${String(n).padStart(10, '0')}`,
    author: { userId: 'u_AAAAAAAAAAAAAAAAAAAAAA', handle: 'ada', displayName: 'Ada' },
    context: 'profile',
    visibility: 'public',
    text,
    createdAt: at,
    updatedAt: at,
  };
}

const texts = (posts: readonly Post[]) => posts.map((p) => p.text);

describe('a feed that refreshes itself', () => {
  test('new posts come on top, older pages stay', () => {
    const feed = { pinned: [], posts: [post(4), post(3), post(2), post(1)], nextCursor: 'older' };
    const next = refreshTop(feed, { posts: [post(5), post(4)], nextCursor: 'c4' });
    expect(texts(next.posts)).toEqual(['post 5', 'post 4', 'post 3', 'post 2', 'post 1']);
    expect(next.nextCursor).toBe('older');
  });

  test('so many new posts that a gap would open start the feed anew', () => {
    const feed = { pinned: [], posts: [post(2), post(1)], nextCursor: undefined };
    const next = refreshTop(feed, { posts: [post(9), post(8)], nextCursor: 'c8' });
    expect(texts(next.posts)).toEqual(['post 9', 'post 8']);
    expect(next.nextCursor).toBe('c8');
  });

  test('a deleted post disappears, a changed one is replaced', () => {
    const feed = { pinned: [], posts: [post(3), post(2), post(1)], nextCursor: undefined };
    const next = refreshTop(feed, { posts: [post(3, 'changed'), post(1)] });
    expect(texts(next.posts)).toEqual(['changed', 'post 1']);
  });

  test('a feed whose last page is the first one has nothing older', () => {
    const feed = { pinned: [], posts: [post(2), post(1)], nextCursor: undefined };
    expect(refreshTop(feed, { posts: [] })).toEqual({
      ...{ pinned: [], posts: [], nextCursor: undefined },
    });
  });

  test('nothing new leaves the very same object, so that nothing is drawn again', () => {
    const feed = { pinned: [], posts: [post(2), post(1)], nextCursor: undefined };
    expect(refreshTop(feed, { posts: [post(2), post(1)] })).toBe(feed);
  });

  test('more can be loaded without repeating what is there', () => {
    const feed = { pinned: [], posts: [post(4), post(3)], nextCursor: 'c3' };
    const next = appendPage(feed, { posts: [post(3), post(2)], nextCursor: 'c2' });
    expect(texts(next.posts)).toEqual(['post 4', 'post 3', 'post 2']);
    expect(next.nextCursor).toBe('c2');
  });
});

describe('a feed that is told of single posts', () => {
  const feed: LoadedFeed = { pinned: [], posts: [post(5), post(3)], nextCursor: 'c3' };
  const pinned = (n: number, second: number) => ({
    ...post(n),
    pinnedAt: new Date(Date.UTC(2026, 0, 2, 0, 0, second)).toISOString(),
  });

  test('a new one comes on top, one that comes again is there once', () => {
    const next = withPost(withPost(feed, post(6)), post(6, 'again'));
    expect(texts(next.posts)).toEqual(['again', 'post 5', 'post 3']);
  });

  test('a changed one stays in its place; one that is not loaded changes nothing', () => {
    expect(texts(withChangedPost(feed, post(3, 'changed')).posts)).toEqual(['post 5', 'changed']);
    expect(withChangedPost(feed, post(1))).toBe(feed);
  });

  test('pinning takes it to the top, unpinning back to its place', () => {
    const once = withChangedPost(feed, pinned(3, 1));
    const twice = withChangedPost(once, pinned(1, 2));
    expect([texts(twice.pinned), texts(twice.posts)]).toEqual([['post 1', 'post 3'], ['post 5']]);
    const back = withChangedPost(withChangedPost(twice, post(3)), post(1));
    expect(texts(back.pinned)).toEqual([]);
    // The first waits beyond what is loaded: its page brings it.
    expect(texts(back.posts)).toEqual(['post 5']);
    expect(texts(withChangedPost({ ...once, nextCursor: undefined }, post(3)).posts)).toEqual([
      ...['post 5', 'post 3'],
    ]);
  });

  test('a deleted one is gone wherever it was', () => {
    const next = withoutPost(
      withoutPost(withPost(feed, pinned(4, 1)), post(4).postId),
      post(5).postId,
    );
    expect([texts(next.pinned), texts(next.posts)]).toEqual([[], ['post 3']]);
  });
});
