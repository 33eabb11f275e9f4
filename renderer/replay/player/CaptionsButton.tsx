import { Captions, CaptionsOff } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import { captionTracks, toggleCaptions } from './captions.ts';
import styles from './Player.module.css';

/** Shows or hides captions; not there where there are none. */
export function CaptionsButton({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const state = useCaptions(video);
  if (state === undefined) return null;
  return (
    <button
      type="button"
      className={styles.button}
      aria-label="Captions"
      aria-pressed={state === 'shown'}
      onClick={() => video.current && toggleCaptions(video.current)}
    >
      {state === 'shown' ? <Captions aria-hidden="true" /> : <CaptionsOff aria-hidden="true" />}
    </button>
  );
}

function useCaptions(video: RefObject<HTMLVideoElement | null>): 'shown' | 'hidden' | undefined {
  const [state, setState] = useState<'shown' | 'hidden'>();
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => {
      const tracks = captionTracks(player);
      if (tracks.length === 0) setState(undefined);
      else setState(tracks.some(({ mode }) => mode === 'showing') ? 'shown' : 'hidden');
    };
    look();
    const events = ['addtrack', 'removetrack', 'change'] as const;
    for (const event of events) player.textTracks.addEventListener(event, look);
    return () => {
      for (const event of events) player.textTracks.removeEventListener(event, look);
    };
  }, [video]);
  return state;
}
