import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import styles from './Notice.module.css';

export interface NoticeProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** The page is about nothing else: the title is its heading and the notice fills it. */
  page?: boolean;
  /** Read out when it appears. */
  alert?: boolean;
}

/** Why there is nothing here, and what to do about it. */
export function Notice({ icon, title, children, actions, page, alert }: NoticeProps) {
  const Heading = page ? 'h1' : 'h2';
  return (
    <div className={clsx(styles.notice, page && styles.page)} role={alert ? 'alert' : undefined}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <Heading className={styles.title}>{title}</Heading>
      {children && <div className={styles.words}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
