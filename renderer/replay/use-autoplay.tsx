import { VolumeX } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import type { Playback } from './playback.ts';
import styles from './player/Player.module.css';

/**
 * Begins to play by itself, where the browser forbids sound without it; `note` is the way to the
 * sound then. @param wanted live pictures begin by themselves, others are begun
 */
export function useAutoplay(
  video: RefObject<HTMLVideoElement | null>,
  playback: Playback | undefined,
  wanted: boolean,
): { note: ReactNode } {
  const [silenced, setSilenced] = useState(false);

  useEffect(() => {
    const player = video.current;
    if (!player || !playback || !wanted) return;
    let begun = false;
    return playback.state.subscribe(({ player: { status } }) => {
      if (begun || status !== 'ready') return;
      begun = true;
      player.play().catch(() => {
        player.muted = true;
        setSilenced(true);
        player.play().catch((error: unknown) => {
          console.info('It waits to be played by hand.', error);
        });
      });
    });
  }, [video, playback, wanted]);

  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => {
      if (!player.muted) setSilenced(false);
    };
    player.addEventListener('volumechange', look);
    return () => player.removeEventListener('volumechange', look);
  }, [video]);

  function unmute() {
    if (video.current) video.current.muted = false;
  }

  if (!silenced) return { note: null };
  return {
    note: (
      <div className={styles.unmute}>
        <Button icon={<VolumeX size={18} aria-hidden="true" />} onClick={unmute}>
          Turn the sound on
        </Button>
      </div>
    ),
  };
}
