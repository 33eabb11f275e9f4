import type { FeedPage, Post } from '../../protocol/posts.ts';

/** The part of a feed that has been loaded, newest first. */
export interface LoadedFeed {
  posts: readonly Post[];
  nextCursor: string | undefined;
}

/** The feed with an older page added at its end. A post that is there already is not repeated. */
export function appendPage(feed: LoadedFeed, page: FeedPage): LoadedFeed {
  const known = new Set(feed.posts.map((post) => post.postId));
  return {
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
  const listed = new Set(page.posts.map((post) => post.postId));
  const reaches = feed.posts.some((post) => listed.has(post.postId));
  const older =
    page.nextCursor === undefined || oldest === undefined || !reaches
      ? []
      : postsAfter(feed.posts, oldest, listed);
  const posts = [...page.posts, ...older];
  const nextCursor = older.length > 0 ? feed.nextCursor : page.nextCursor;
  if (nextCursor === feed.nextCursor && samePosts(posts, feed.posts)) return feed;
  return { posts, nextCursor };
}

function postsAfter(posts: readonly Post[], oldest: Post, listed: ReadonlySet<string>): Post[] {
  return posts.filter((post) => post.createdAt <= oldest.createdAt && !listed.has(post.postId));
}

function samePosts(a: readonly Post[], b: readonly Post[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((post, i) => JSON.stringify(post) === JSON.stringify(b[i]));
}
