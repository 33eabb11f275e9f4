import { clsx } from 'clsx';
import styles from './Avatar.module.css';
import { initials } from './initials.ts';

/** Initials for a person; the name stands beside it, so it is decoration. */
export function Avatar({
  name,
  size = 'medium',
}: {
  name: string;
  size?: 'small' | 'medium' | 'large';
}) {
  return (
    <span className={clsx(styles.avatar, styles[size])} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
