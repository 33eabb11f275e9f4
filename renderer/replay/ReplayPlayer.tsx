import { TriangleAlert } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import type { Chapter } from '../../protocol/recordings.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { ChapterList } from './ChapterList.tsx';
import styles from './ReplayPlayer.module.css';
import { useHls } from './use-hls.ts';

export interface ReplayPlayerProps {
  /** Absolute, or of the page's own origin. */
  playlistUrl: string;
  title: string;
  chapters: readonly Chapter[];
}

/** The replay's picture and sound, and its chapters to jump to. */
export function ReplayPlayer({ playlistUrl, title, chapters }: ReplayPlayerProps) {
  const { sessions } = useStudio();
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const token = useCallback(() => sessions.token(), [sessions]);
  const player = useHls(video, playlistUrl, token, attempt);
  return (
    <>
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
      {chapters.length > 0 && <ChapterList video={video} chapters={chapters} />}
    </>
  );
}
