import { clsx } from 'clsx';
import { Circle, CircleCheck, CircleMinus, CircleX, TriangleAlert } from 'lucide-react';
import { Spinner } from '../../ui/Spinner.tsx';
import styles from './ConnectionCheck.module.css';
import type { CheckProgress } from './run-checks.ts';

const WORDS: Record<CheckProgress['status'], string> = {
  waiting: 'Waiting',
  running: 'Checking',
  fine: 'Fine',
  warning: 'Warning',
  failed: 'Failed',
  skipped: 'Not checked',
};

/** The steps of a check, each with what was found. */
export function CheckSteps({ progress }: { progress: readonly CheckProgress[] }) {
  return (
    <ol className={styles.steps}>
      {progress.map((step) => (
        <li key={step.id} className={styles.step} data-check={step.id} data-status={step.status}>
          <span className={clsx(styles.icon, styles[step.status])}>
            <StatusIcon status={step.status} />
          </span>
          <div>
            <p className={styles.title}>
              {step.title}
              <span className="visually-hidden">: {WORDS[step.status]}</span>
            </p>
            {'sentence' in step && <p className={styles.sentence}>{step.sentence}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function StatusIcon({ status }: { status: CheckProgress['status'] }) {
  const look = { size: 20, 'aria-hidden': true } as const;
  switch (status) {
    case 'waiting':
      return <Circle {...look} />;
    case 'running':
      return <Spinner />;
    case 'fine':
      return <CircleCheck {...look} />;
    case 'warning':
      return <TriangleAlert {...look} />;
    case 'failed':
      return <CircleX {...look} />;
    case 'skipped':
      return <CircleMinus {...look} />;
  }
}
