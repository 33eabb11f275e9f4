import { Link } from '@tanstack/react-router';
import { CirclePause, Eye, Radio } from 'lucide-react';
import { useCallback, useState } from 'react';
import playerStyles from '../replay/player/Player.module.css';
import { RecordingView } from '../replay/RecordingView.tsx';
import { ReplayDetails } from '../replay/ReplayDetails.tsx';
import styles from '../replay/ReplayPage.module.css';
import type { ReplayInfo } from '../replay/replay-info.ts';
import { Chip } from '../ui/Chip.tsx';
import { JoinInstead } from './JoinInstead.tsx';
import { type LiveShow, showState } from './live-show.ts';

/** A live room as its audience sees it, and its replay once it is over. */
export function LiveView({ roomId, show }: { roomId: string; show: LiveShow }) {
  const { room, status, viewers } = show;
  const [changed, setChanged] = useState<ReplayInfo>();
  const onChanged = useCallback((replay: ReplayInfo) => setChanged(replay), []);
  if (!status) return null;
  const title = room?.title ?? status.title ?? 'Live';
  const hostUserId = room?.host.userId ?? status.hostUserId ?? '';
  const isLive = showState(show) === 'live';
  const replay: ReplayInfo = changed ?? {
    ...{ status, title, hostUserId, host: room?.host },
    ...(status.startedAt !== undefined && { startedAt: status.startedAt }),
  };

  return (
    <RecordingView
      {...{ roomId, status, title, hostUserId }}
      notice={
        isLive &&
        room?.recordingPausedAt !== undefined && (
          <p className={playerStyles.notice} role="status">
            <CirclePause size={18} aria-hidden="true" /> The host has paused. It goes on here by
            itself.
          </p>
        )
      }
    >
      {status.state === 'ready' ? (
        <ReplayDetails {...{ roomId, replay, onChanged }} />
      ) : (
        <div className={styles.details}>
          <div className={styles.words}>
            <h1 className={styles.title}>{title}</h1>
            <p className={styles.facts}>
              {room && (
                <Link to="/u/$handle" params={{ handle: room.host.handle }}>
                  {room.host.displayName}
                </Link>
              )}
              {isLive ? (
                <Chip icon={<Radio />} tone="live">
                  Live
                </Chip>
              ) : (
                <Chip>The room is over</Chip>
              )}
              {isLive && viewers !== undefined && (
                <Chip icon={<Eye />}>{viewers === 1 ? '1 watching' : `${viewers} watching`}</Chip>
              )}
            </p>
            <p className={styles.facts}>You watch some seconds behind the room.</p>
          </div>
          {isLive && <JoinInstead roomId={roomId} />}
        </div>
      )}
    </RecordingView>
  );
}
