import { Link } from '@tanstack/react-router';
import { CalendarClock, History, Pin } from 'lucide-react';
import { useStudio } from '../app/studio-context.ts';
import { Chip } from '../ui/Chip.tsx';
import { byteSize, clockDuration } from '../ui/duration.ts';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { dateOf, exactTime } from '../ui/relative-time.ts';
import { ReplayHostControls } from './ReplayHostControls.tsx';
import styles from './ReplayPage.module.css';
import type { ReplayInfo } from './replay-info.ts';

export interface ReplayDetailsProps {
  roomId: string;
  replay: ReplayInfo;
  onChanged: (replay: ReplayInfo) => void;
}

/** What the replay is of, how long it is kept, and for its host what to do about that. */
export function ReplayDetails({ roomId, replay, onChanged }: ReplayDetailsProps) {
  const { member } = useStudio();
  const { status, title, host, hostUserId, startedAt } = replay;
  const untilMs = Date.parse(status.retainUntil);
  return (
    <div className={styles.details}>
      <div className={styles.words}>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.facts}>
          {host && (
            <Link to="/u/$handle" params={{ handle: host.handle }}>
              {host.displayName}
            </Link>
          )}
          {startedAt !== undefined && <RelativeTime at={startedAt} />}
          <span>{clockDuration(status.durationMs)}</span>
          <span>{byteSize(status.sizeBytes)}</span>
        </p>
        <p className={styles.facts}>
          {status.pinned ? (
            <Chip icon={<Pin />}>Kept for good</Chip>
          ) : (
            <Chip icon={<CalendarClock />} title={exactTime(untilMs)}>
              Kept until {dateOf(untilMs, Date.now())}
            </Chip>
          )}
          {status.recovered && (
            <Chip
              icon={<History />}
              title={status.error ?? 'The recording was cut off; this is all that was kept of it'}
            >
              Recovered
            </Chip>
          )}
        </p>
      </div>
      {member?.userId === hostUserId && !status.isReplica && (
        <ReplayHostControls
          roomId={roomId}
          status={status}
          onChanged={(changed) => onChanged({ ...replay, status: changed })}
        />
      )}
    </div>
  );
}
