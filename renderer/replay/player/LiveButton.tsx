import { type RefObject, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Playback } from '../playback.ts';
import styles from './Player.module.css';

/** Farther behind the newest than this, somebody has gone back or was held up. */
const BEHIND_S = 12;

/** Says that the picture is live, and leads back to what is newest. */
export function LiveButton(props: {
  video: RefObject<HTMLVideoElement | null>;
  playback: Playback;
}) {
  const { video, playback } = props;
  const edgeS = useStore(playback.state, (state) => state.liveEdgeS);
  const atS = usePlayPosition(video);
  if (edgeS === undefined) return null;
  const behindS = edgeS - atS;
  const isLive = behindS < BEHIND_S;
  return (
    <button
      type="button"
      className={styles.live}
      data-live={isLive}
      title={`About ${Math.max(1, Math.round(behindS))} s behind the room`}
      aria-label={isLive ? 'Live' : 'Go to live'}
      onClick={() => playback.goLive()}
    >
      <span className={styles.dot} aria-hidden="true" />
      {isLive ? 'Live' : 'Go to live'}
    </button>
  );
}

function usePlayPosition(video: RefObject<HTMLVideoElement | null>): number {
  const [atS, setAtS] = useState(0);
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => setAtS(player.currentTime);
    look();
    player.addEventListener('timeupdate', look);
    return () => player.removeEventListener('timeupdate', look);
  }, [video]);
  return atS;
}
