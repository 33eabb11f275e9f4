import { useEffect } from 'react';
import { releaseMedia } from '../media/devices.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';

/** Turns camera and microphone off, lights included, once the room is left or over. */
export function useDeviceRelease() {
  const stream = useStreamingState(({ phase, self }) =>
    phase === 'inside' ? self?.stream : undefined,
  );
  useEffect(() => {
    if (stream) return () => releaseMedia(stream);
  }, [stream]);
}
