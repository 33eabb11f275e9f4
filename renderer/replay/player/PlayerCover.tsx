import { CloudOff, TriangleAlert } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import type { PlaybackStatus } from '../playback.ts';
import styles from './Player.module.css';

/** What stands before the picture while there is none, or after it stopped. */
export function PlayerCover({ player, onRetry }: { player: PlaybackStatus; onRetry: () => void }) {
  switch (player.status) {
    case 'ready':
      return <span hidden data-testid="player-state" data-state="ready" />;
    case 'loading':
      return (
        <div className={styles.cover} role="status" data-testid="player-state" data-state="loading">
          <Spinner />
          <span className="visually-hidden">Loading the recording</span>
        </div>
      );
    case 'reconnecting':
      return (
        <div
          className={styles.away}
          role="status"
          data-testid="player-state"
          data-state="reconnecting"
        >
          <CloudOff size={18} aria-hidden="true" />
          The host’s studio can’t be reached. It is tried again by itself.
        </div>
      );
    case 'failed':
      return (
        <div className={styles.cover} role="alert" data-testid="player-state" data-state="failed">
          <TriangleAlert size={28} aria-hidden="true" />
          <p>{player.message}</p>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      );
  }
}
