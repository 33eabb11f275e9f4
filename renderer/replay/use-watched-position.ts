import { type RefObject, useEffect, useState } from 'react';
import { rememberPosition, watchedPosition } from './watched-positions.ts';

/** How often the place is noted while it plays. */
const NOTED_MS = 5_000;

/** Remembers how far a recording was watched. @param recordingId `undefined` remembers nothing */
export function useWatchedPosition(
  video: RefObject<HTMLVideoElement | null>,
  recordingId: string | undefined,
): { resumeS: number | undefined } {
  const [resumeS] = useState(() =>
    recordingId === undefined ? undefined : watchedPosition(recordingId),
  );
  useEffect(() => {
    const player = video.current;
    if (!player || recordingId === undefined) return;
    const note = () => {
      // Before it has begun it stands at the beginning, and was left elsewhere.
      if (player.readyState === 0 || !Number.isFinite(player.duration)) return;
      rememberPosition(recordingId, player.currentTime, player.duration);
    };
    const timer = setInterval(() => {
      if (!player.paused) note();
    }, NOTED_MS);
    player.addEventListener('pause', note);
    window.addEventListener('pagehide', note);
    return () => {
      clearInterval(timer);
      player.removeEventListener('pause', note);
      window.removeEventListener('pagehide', note);
      note();
    };
  }, [video, recordingId]);
  return { resumeS };
}
