import { type RefObject, useEffect, useState } from 'react';
import { clockDuration } from '../../ui/duration.ts';
import styles from './Player.module.css';

/** Where it stands, of how much. */
export function TimeText({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const [{ atS, ofS }, setTime] = useState({ atS: 0, ofS: 0 });
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => {
      const { currentTime, duration } = player;
      setTime({ atS: currentTime, ofS: Number.isFinite(duration) ? duration : 0 });
    };
    look();
    const events = ['timeupdate', 'durationchange', 'seeking'] as const;
    for (const event of events) player.addEventListener(event, look);
    return () => {
      for (const event of events) player.removeEventListener(event, look);
    };
  }, [video]);
  return (
    <span className={styles.time}>
      {clockDuration(atS * 1000)} / {clockDuration(ofS * 1000)}
    </span>
  );
}
