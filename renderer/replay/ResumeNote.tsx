import { type RefObject, useState } from 'react';
import { clockDuration } from '../ui/duration.ts';
import styles from './player/Player.module.css';

/** Says where it goes on, and leads back to the beginning. */
export function ResumeNote(props: {
  video: RefObject<HTMLVideoElement | null>;
  resumedS: number | undefined;
}) {
  const { video, resumedS } = props;
  const [shown, setShown] = useState(true);
  if (resumedS === undefined || !shown) return null;

  function startOver() {
    if (video.current) video.current.currentTime = 0;
    setShown(false);
  }

  return (
    <div className={styles.resume}>
      <span>Goes on at {clockDuration(resumedS * 1000)}</span>
      <button type="button" onClick={startOver}>
        Start over
      </button>
      <button type="button" onClick={() => setShown(false)} aria-label="Hide this">
        ✕
      </button>
    </div>
  );
}
