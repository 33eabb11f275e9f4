import { Link } from '@tanstack/react-router';
import { CalendarClock, History, Pin, ShieldAlert, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { LibraryEntry } from '../../protocol/recording-library.ts';
import type { RecordingCopy } from '../../protocol/replicas.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { CopiesChip } from '../copies/CopiesChip.tsx';
import { Chip } from '../ui/Chip.tsx';
import { byteSize, clockDuration } from '../ui/duration.ts';
import { dateOf, exactTime } from '../ui/relative-time.ts';
import styles from './LibraryRow.module.css';
import { hashWords, keptWords } from './library-words.ts';
import { RowMenu } from './RowMenu.tsx';

export interface LibraryRowProps {
  bridge: Bridge;
  entry: LibraryEntry;
  /** Its replay can be watched from this window. */
  watchable: boolean;
  /** On other nodes. */
  copies: readonly RecordingCopy[];
  onChanged: (entry: LibraryEntry) => void;
}

/** One recording: what it is, how it is, and what can be done with it. */
export function LibraryRow({ bridge, entry, watchable, copies, onChanged }: LibraryRowProps) {
  const { roomId, recordingId, title, state, startedAt, durationMs, sizeBytes } = entry;
  const startedMs = Date.parse(startedAt);
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        {state === 'ready' && watchable ? (
          <Link
            to="/replay/$roomId"
            params={{ roomId }}
            search={{ recording: recordingId }}
            className={styles.title}
          >
            {title}
          </Link>
        ) : (
          <span className={styles.title}>{title}</span>
        )}
        <p className={styles.facts}>
          <time dateTime={startedAt} title={exactTime(startedMs)}>
            {dateOf(startedMs, Date.now())}
          </time>
          <span>{clockDuration(durationMs)}</span>
          <span>{byteSize(sizeBytes)}</span>
        </p>
      </div>
      <div className={styles.chips}>
        <StateChip entry={entry} />
        <HashChip entry={entry} />
        <CopiesChip copies={copies} />
        {entry.recovered && state === 'ready' && (
          <Chip
            icon={<History />}
            title={entry.error ?? 'It was cut off; this is all that was kept of it'}
          >
            Recovered
          </Chip>
        )}
      </div>
      <RowMenu {...{ bridge, entry, watchable, copies, onChanged }} />
      {state === 'failed' && entry.error && <p className={styles.problem}>{entry.error}</p>}
      {entry.hash.state === 'damaged' && (
        <details className={styles.damage}>
          <summary>{hashWords(entry.hash, Date.now())}</summary>
          <ul>
            {entry.hash.problems.map(({ file, reason }) => (
              <li key={file}>
                <code>{file}</code> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function StateChip({ entry }: { entry: LibraryEntry }) {
  const words = keptWords(entry, Date.now());
  if (entry.state === 'recording') return <Chip tone="live-soft">{words}</Chip>;
  if (entry.state === 'failed') {
    return (
      <Chip tone="warn" icon={<TriangleAlert />}>
        {words}
      </Chip>
    );
  }
  return (
    <Chip
      icon={entry.pinned ? <Pin /> : <CalendarClock />}
      title={exactTime(Date.parse(entry.retainUntil))}
    >
      {words}
    </Chip>
  );
}

function HashChip({ entry: { hash, state } }: { entry: LibraryEntry }) {
  if (state !== 'ready' || hash.state === 'unchecked') return null;
  const words = hashWords(hash, Date.now());
  return hash.state === 'intact' ? (
    <Chip icon={<ShieldCheck />} title={words}>
      Intact
    </Chip>
  ) : (
    <Chip tone="warn" icon={<ShieldAlert />} title={words}>
      Damaged
    </Chip>
  );
}
