import { describe, expect, test } from 'vitest';
import type { Post } from '../../../protocol/posts.ts';
import { appendPage, refreshTop } from '../../../renderer/feed/feed-pages.ts';

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
    const feed = { posts: [post(4), post(3), post(2), post(1)], nextCursor: 'older' };
    const next = refreshTop(feed, { posts: [post(5), post(4)], nextCursor: 'c4' });
    expect(texts(next.posts)).toEqual(['post 5', 'post 4', 'post 3', 'post 2', 'post 1']);
    expect(next.nextCursor).toBe('older');
  });

  test('so many new posts that a gap would open start the feed anew', () => {
    const feed = { posts: [post(2), post(1)], nextCursor: undefined };
    const next = refreshTop(feed, { posts: [post(9), post(8)], nextCursor: 'c8' });
    expect(texts(next.posts)).toEqual(['post 9', 'post 8']);
    expect(next.nextCursor).toBe('c8');
  });

  test('a deleted post disappears, a changed one is replaced', () => {
    const feed = { posts: [post(3), post(2), post(1)], nextCursor: undefined };
    const next = refreshTop(feed, { posts: [post(3, 'changed'), post(1)] });
    expect(texts(next.posts)).toEqual(['changed', 'post 1']);
  });

  test('a feed whose last page is the first one has nothing older', () => {
    const feed = { posts: [post(2), post(1)], nextCursor: undefined };
    expect(refreshTop(feed, { posts: [] })).toEqual({ posts: [], nextCursor: undefined });
  });

  test('nothing new leaves the very same object, so that nothing is drawn again', () => {
    const feed = { posts: [post(2), post(1)], nextCursor: undefined };
    expect(refreshTop(feed, { posts: [post(2), post(1)] })).toBe(feed);
  });

  test('more can be loaded without repeating what is there', () => {
    const feed = { posts: [post(4), post(3)], nextCursor: 'c3' };
    const next = appendPage(feed, { posts: [post(3), post(2)], nextCursor: 'c2' });
    expect(texts(next.posts)).toEqual(['post 4', 'post 3', 'post 2']);
    expect(next.nextCursor).toBe('c2');
  });
});
