import type { Post } from '../../protocol/posts.ts';

/** One text for a feed, however it was named. */
export type FeedKey = `u:${string}` | `p:${string}`;

/** The feed of a member, by their `userId`. */
export function profileKey(userId: string): FeedKey {
  return `u:${userId}`;
}

export function projectKey(projectId: string): FeedKey {
  return `p:${projectId}`;
}

/** The feed that a post is on. */
export function feedOf(post: Pick<Post, 'author' | 'context' | 'projectId'>): FeedKey {
  return post.projectId === undefined ? profileKey(post.author.userId) : projectKey(post.projectId);
}
