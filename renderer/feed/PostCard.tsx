import { memo } from 'react';
import type { Post } from '../../protocol/posts.ts';
import { StreamCard } from './StreamCard.tsx';
import { TextCard } from './TextCard.tsx';

export interface PostCardProps {
  post: Post;
  /** How many watch its live room now; `undefined` while nobody has said. */
  viewers?: number | undefined;
  /** Words that stand out, in lower case. */
  marked?: readonly string[];
  /** The person changed it, or took it away. */
  onChanged: () => Promise<void>;
}

/** One post of a feed. */
export const PostCard = memo(function PostCard({
  post,
  viewers,
  marked,
  onChanged,
}: PostCardProps) {
  return post.kind === 'stream' ? (
    <StreamCard {...{ post, viewers, onChanged }} {...(marked && { marked })} />
  ) : (
    <TextCard {...{ post, onChanged }} {...(marked && { marked })} />
  );
});
