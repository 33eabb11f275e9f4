import { SlidersHorizontal } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { BYTES_PER_GB, type LibraryOverview } from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { byteSize } from '../ui/duration.ts';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { dateOf } from '../ui/relative-time.ts';
import styles from './LibrarySummary.module.css';
import { LimitsDialog } from './LimitsDialog.tsx';
import { usedWords } from './library-words.ts';

export interface LibrarySummaryProps {
  bridge: Bridge;
  overview: LibraryOverview;
  onChanged: (overview: LibraryOverview) => void;
  /** What else can be decided about all of them. */
  children?: ReactNode;
}

/** What all recordings take, what they may take, and what goes next. */
export function LibrarySummary({ bridge, overview, onChanged, children }: LibrarySummaryProps) {
  const [choosing, setChoosing] = useState(false);
  const { count, usedBytes, freeBytes, quotaGb, goesNext, stillOverBytes, heldUntil } = overview;
  const used = usedWords(count, usedBytes, quotaGb);
  return (
    <section aria-label="Space" className={styles.summary}>
      <div className={styles.line}>
        <p className={styles.used}>
          {used}
          <span className={styles.free}>{byteSize(freeBytes)} free on this disk</span>
        </p>
        <div className={styles.choices}>
          {children}
          <Button
            size="small"
            icon={<SlidersHorizontal size={16} aria-hidden="true" />}
            onClick={() => setChoosing(true)}
          >
            Limits
          </Button>
        </div>
      </div>
      {quotaGb !== undefined && (
        <ProgressBar label={used} fraction={Math.min(1, usedBytes / (quotaGb * BYTES_PER_GB))} />
      )}
      {goesNext.length > 0 && (
        <p className={styles.note}>
          {quotaGb === undefined ? 'First to reach its date: ' : 'Goes first to make room: '}
          {goesNext.map(({ title }) => `“${title}”`).join(', ')}
        </p>
      )}
      {stillOverBytes > 0 && (
        <p className={styles.problem}>
          {byteSize(stillOverBytes)} over the limit, and nothing may go by itself: what is left is
          kept for good, in use, of the last day or without a replay. Delete something, or raise the
          limit.
        </p>
      )}
      {heldUntil && (
        <p className={styles.problem}>
          This computer’s clock has jumped ahead, or you were away for long: nothing is deleted by
          date before {dateOf(Date.parse(heldUntil), Date.now())}.
        </p>
      )}
      <LimitsDialog
        bridge={bridge}
        overview={overview}
        open={choosing}
        onOpenChange={setChoosing}
        onChanged={onChanged}
      />
    </section>
  );
}
