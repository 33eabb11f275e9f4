import type { Post } from '../../protocol/posts.ts';
import { CardFrame } from './CardFrame.tsx';
import styles from './TextCard.module.css';

/** A post of words. */
export function TextCard({ post, onChanged }: { post: Post; onChanged: () => Promise<void> }) {
  return (
    <CardFrame post={post} onChanged={onChanged} data-post-id={post.postId}>
      <p className={styles.text}>{post.text}</p>
    </CardFrame>
  );
}
