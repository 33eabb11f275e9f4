import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import styles from './TrayCard.module.css';

export interface TrayCardProps {
  shown: boolean;
  tone?: 'calm' | 'warn';
  icon: ReactNode;
  title: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
}

/** Something about the room that one should know now, and what can be done about it. */
export function TrayCard({ shown, tone = 'calm', icon, title, children, actions }: TrayCardProps) {
  return (
    // Always there, so that what comes into it is announced.
    <div role="status" className={styles.place}>
      {shown && (
        <div className={clsx(styles.card, styles[tone])}>
          {icon}
          <p className={styles.words}>
            <strong>{title}</strong> {children}
          </p>
          {actions && <span className={styles.actions}>{actions}</span>}
        </div>
      )}
    </div>
  );
}
