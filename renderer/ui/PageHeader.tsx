import type { ReactNode } from 'react';
import { Avatar } from './Avatar.tsx';
import { ConstellationArt } from './ConstellationArt.tsx';
import styles from './PageHeader.module.css';

export interface PageHeaderProps {
  name: string;
  /** A line below the name, e.g. a handle. */
  line: ReactNode;
  /** What the drawing is made from. */
  seed: string;
  children?: ReactNode;
}

/** The top of somebody's or a project's page. */
export function PageHeader({ name, line, seed, children }: PageHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.band}>
        <ConstellationArt seed={seed} />
      </div>
      <div className={styles.row}>
        <div className={styles.avatar}>
          <Avatar name={name} size="large" />
        </div>
        <div className={styles.words}>
          <h1 className={styles.name}>{name}</h1>
          <p className={styles.line}>{line}</p>
        </div>
      </div>
      {children && <div className={styles.more}>{children}</div>}
    </header>
  );
}
