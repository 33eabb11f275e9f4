import type { Post } from '../../protocol/posts.ts';
import { LinkedText } from '../ui/LinkedText.tsx';
import { CardFrame } from './CardFrame.tsx';
import styles from './TextCard.module.css';

export interface TextCardProps {
  post: Post;
  marked?: readonly string[];
  onChanged: () => Promise<void>;
}

/** A post of words. */
export function TextCard({ post, marked = [], onChanged }: TextCardProps) {
  return (
    <CardFrame post={post} onChanged={onChanged} data-post-id={post.postId}>
      <p className={styles.text}>
        <LinkedText text={post.text} marked={marked} />
      </p>
    </CardFrame>
  );
}
