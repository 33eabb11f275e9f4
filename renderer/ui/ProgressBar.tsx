import { Progress } from '@base-ui/react/progress';
import styles from './ProgressBar.module.css';

export interface ProgressBarProps {
  /** What it is the progress of. */
  label: string;
  /** 0 to 1; `undefined` while nothing can be said. */
  fraction: number | undefined;
}

/** How far something is. The label is for assistive technology; say it beside the bar as well. */
export function ProgressBar({ label, fraction }: ProgressBarProps) {
  const value = fraction === undefined ? null : Math.round(fraction * 100);
  return (
    <Progress.Root value={value} aria-label={label} className={styles.bar}>
      <Progress.Track className={styles.track}>
        <Progress.Indicator className={styles.done} />
      </Progress.Track>
    </Progress.Root>
  );
}
