import { Skeleton } from '../ui/Skeleton.tsx';
import styles from './PostSkeleton.module.css';

/** The place of a post that is on its way. */
export function PostSkeleton() {
  return (
    <div className={styles.placeholder} aria-hidden="true">
      <div className={styles.placeholderHead}>
        <Skeleton width="40px" height="40px" radius="999px" />
        <Skeleton width="180px" height="14px" />
      </div>
      <Skeleton width="92%" height="14px" />
      <Skeleton width="64%" height="14px" />
    </div>
  );
}
