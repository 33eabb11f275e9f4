import { useEffect, useRef } from 'react';
import { useStreamingState } from '../rooms/streaming-context.tsx';

/** Turns devices off, lights included: all once the room is left or over, one when it is replaced. */
export function useDeviceRelease() {
  const stream = useStreamingState(({ phase, self }) =>
    phase === 'inside' ? self?.stream : undefined,
  );
  const current = useRef(stream);
  current.current = stream;
  useEffect(() => {
    if (!stream) return;
    return () => {
      const kept = current.current?.getTracks() ?? [];
      for (const track of stream.getTracks()) {
        if (!kept.includes(track)) track.stop();
      }
    };
  }, [stream]);
}
