import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './InlineProblem.module.css';

/** A refusal beside what it concerns; announced when it appears. */
export function InlineProblem({ message, action }: { message: string; action?: ReactNode }) {
  return (
    <div className={styles.problem} role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <p>{message}</p>
      {action}
    </div>
  );
}
