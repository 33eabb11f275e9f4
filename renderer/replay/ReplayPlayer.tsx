import { TriangleAlert } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import styles from './ReplayPlayer.module.css';
import { useHls } from './use-hls.ts';

/** The replay's picture and sound. @param playlistUrl absolute, or of the page's own origin. */
export function ReplayPlayer({ playlistUrl, title }: { playlistUrl: string; title: string }) {
  const { sessions } = useStudio();
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const token = useCallback(() => sessions.token(), [sessions]);
  const player = useHls(video, playlistUrl, token, attempt);
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/useMediaCaption: people talking live leave no captions behind. */}
      <video
        ref={video}
        className={styles.video}
        data-testid="replay-player"
        data-state={player.status}
        aria-label={`Replay of ${title}`}
        controls={player.status === 'ready'}
        playsInline
        preload="auto"
      />
      {player.status === 'loading' && (
        <div className={styles.cover} role="status">
          <Spinner />
          <span className="visually-hidden">Loading the replay</span>
        </div>
      )}
      {player.status === 'failed' && (
        <div className={styles.cover} role="alert">
          <TriangleAlert size={28} aria-hidden="true" />
          <p>{player.message}</p>
          <Button onClick={() => setAttempt((n) => n + 1)}>Try again</Button>
        </div>
      )}
    </div>
  );
}
