import { type ReactNode, useEffect, useState } from 'react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Later } from '../ui/Later.tsx';

/** Somebody's picture that takes longer is not waited for. */
const PATIENCE_MS = 500;

/**
 * Comes once the first remote picture is seen, where there is anybody to be seen: the picture is
 * what one joins for, and everything rendered before it delays it.
 */
export function AfterPicture({ children }: { children: ReactNode }) {
  const seen = useStreamingState(
    ({ participants, links }) =>
      Object.keys(participants).length < 2 ||
      Object.values(links).some(({ firstFrameMs }) => firstFrameMs !== undefined),
  );
  const [due, setDue] = useState(seen);
  useEffect(() => {
    if (due) return;
    if (seen) return setDue(true);
    const timer = setTimeout(setDue, PATIENCE_MS, true);
    return () => clearTimeout(timer);
  }, [due, seen]);
  return due ? <Later>{children}</Later> : null;
}
