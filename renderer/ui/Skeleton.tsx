import type { CSSProperties } from 'react';
import styles from './Skeleton.module.css';

/** The place of something that is on its way. Sizes are CSS lengths. */
export function Skeleton({ width = '100%', height = '1em', radius }: SkeletonProps) {
  const style: CSSProperties = { width, height, ...(radius && { borderRadius: radius }) };
  return <span className={styles.skeleton} style={style} aria-hidden="true" />;
}

export interface SkeletonProps {
  width?: string;
  height?: string;
  radius?: string;
}
