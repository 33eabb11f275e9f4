import type { FeedPage, Post } from '../../protocol/posts.ts';

/** The part of a feed that has been loaded, newest first. */
export interface LoadedFeed {
  /** At the top whatever their age, the last pinned first; not among `posts`. */
  pinned: readonly Post[];
  posts: readonly Post[];
  nextCursor: string | undefined;
}

export const EMPTY_FEED: LoadedFeed = { pinned: [], posts: [], nextCursor: undefined };

export function firstPage({ pinned = [], posts, nextCursor }: FeedPage): LoadedFeed {
  return { pinned, posts, nextCursor };
}

/** The feed with an older page added at its end. A post that is there already is not repeated. */
export function appendPage(feed: LoadedFeed, page: FeedPage): LoadedFeed {
  const known = new Set([...feed.pinned, ...feed.posts].map((post) => post.postId));
  return {
    pinned: feed.pinned,
    posts: [...feed.posts, ...page.posts.filter((post) => !known.has(post.postId))],
    nextCursor: page.nextCursor,
  };
}

/**
 * The feed after its first page was asked for again: new posts come on top, changed ones are
 * replaced, and what is missing from the stretch the page covers has been deleted. Older posts
 * stay as they are, unless the page no longer reaches down to them: then it starts anew rather
 * than with a gap. Answers the same object when nothing changed.
 */
export function refreshTop(feed: LoadedFeed, page: FeedPage): LoadedFeed {
  const oldest = page.posts.at(-1);
  const pinned = page.pinned ?? [];
  const listed = new Set([...pinned, ...page.posts].map((post) => post.postId));
  const reaches = feed.posts.some((post) => listed.has(post.postId));
  const older =
    page.nextCursor === undefined || oldest === undefined || !reaches
      ? []
      : postsAfter(feed.posts, oldest, listed);
  const posts = [...page.posts, ...older];
  const nextCursor = older.length > 0 ? feed.nextCursor : page.nextCursor;
  const isSame =
    nextCursor === feed.nextCursor &&
    samePosts(posts, feed.posts) &&
    samePosts(pinned, feed.pinned);
  return isSame ? feed : { pinned, posts, nextCursor };
}

/** A post as it is now: new, changed, pinned or unpinned. One too old to be loaded yet waits. */
export function withPost(feed: LoadedFeed, post: Post): LoadedFeed {
  const { pinned, posts, nextCursor } = withoutPost(feed, post.postId);
  if (post.pinnedAt !== undefined) {
    return { pinned: inOrder([...pinned, post], pinnedTime), posts, nextCursor };
  }
  const isOlder = posts.every(({ createdAt }) => createdAt > post.createdAt);
  if (isOlder && nextCursor !== undefined) return { pinned, posts, nextCursor };
  const place = posts.findIndex(({ createdAt }) => createdAt <= post.createdAt);
  return { pinned, posts: posts.toSpliced(place < 0 ? posts.length : place, 0, post), nextCursor };
}

/** A changed post in its place; the same object where it is not in the part that is loaded. */
export function withChangedPost(feed: LoadedFeed, post: Post): LoadedFeed {
  const known = [...feed.pinned, ...feed.posts].find(({ postId }) => postId === post.postId);
  if (!known) return post.pinnedAt === undefined ? feed : withPost(feed, post);
  if (known.pinnedAt !== post.pinnedAt) return withPost(feed, post);
  const replaced = (posts: readonly Post[]) => posts.map((old) => (old === known ? post : old));
  return { ...feed, pinned: replaced(feed.pinned), posts: replaced(feed.posts) };
}

export function withoutPost(feed: LoadedFeed, postId: string): LoadedFeed {
  const others = (posts: readonly Post[]) => posts.filter((post) => post.postId !== postId);
  return { ...feed, pinned: others(feed.pinned), posts: others(feed.posts) };
}

function inOrder(posts: Post[], timeOf: (post: Post) => string): Post[] {
  return posts.sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
}

function pinnedTime({ pinnedAt = '' }: Post): string {
  return pinnedAt;
}

function postsAfter(posts: readonly Post[], oldest: Post, listed: ReadonlySet<string>): Post[] {
  return posts.filter((post) => post.createdAt <= oldest.createdAt && !listed.has(post.postId));
}

function samePosts(a: readonly Post[], b: readonly Post[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((post, i) => JSON.stringify(post) === JSON.stringify(b[i]));
}
