import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import styles from './Chip.module.css';

export interface ChipProps {
  tone?: 'neutral' | 'accent' | 'live' | 'live-soft' | 'warn';
  icon?: ReactNode;
  /** A dot that breathes: something is happening right now. */
  pulsing?: boolean;
  title?: string;
  children: ReactNode;
}

/** A short fact about something. */
export function Chip({ tone = 'neutral', icon, pulsing, title, children }: ChipProps) {
  return (
    <span className={clsx(styles.chip, styles[tone])} title={title}>
      {pulsing && <span className={styles.dot} aria-hidden="true" />}
      {icon}
      <span className={styles.words}>{children}</span>
    </span>
  );
}
