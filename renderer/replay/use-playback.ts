import { type RefObject, useEffect, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { Playback, type PlaybackSource } from './playback.ts';

const PLAYER_MISSING = 'The player could not be loaded. Check the connection and try again.';

/**
 * Plays a recording in a video element; hls.js is loaded when first needed. Another `attempt`
 * begins anew.
 */
export function usePlayback(
  video: RefObject<HTMLVideoElement | null>,
  source: PlaybackSource,
  { attempt, startS }: { attempt: number; startS: number | undefined },
): Playback | undefined {
  const { api, sessions } = useStudio();
  const [playback, setPlayback] = useState<Playback>();
  const [offenders] = useState(() => new Set<string>());
  const { recordingId } = source;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a recording that ends goes on in the same player.
  useEffect(() => {
    if (!video.current) return;
    const made = new Playback(video.current, {
      source,
      startS,
      offenders,
      token: () => sessions.token(),
      ticket: (last) => api.swarmTicket(recordingId, last),
      whyStopped: () => api.recording(source.roomId, recordingId),
    });
    setPlayback(made);
    import('hls.js/light').then(
      ({ default: Hls }) => made.start(Hls),
      (error: unknown) => {
        console.error('The player could not be loaded.', error);
        const player = { status: 'failed', code: 'internal', message: PLAYER_MISSING } as const;
        made.state.setState({ player });
      },
    );
    return () => {
      made.close();
      setPlayback(undefined);
    };
  }, [video, recordingId, api, sessions, attempt]);

  return playback;
}
