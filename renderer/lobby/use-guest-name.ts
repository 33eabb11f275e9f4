import { useCallback, useEffect, useState } from 'react';
import { validGuestName } from '../app/guest-name.ts';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions } from '../rooms/streaming-context.tsx';

/** A pause in typing after which the name is taken as meant. */
const SETTLED_AFTER_MS = 400;

/**
 * A guest's name as it is typed. Once it settles it is kept for the next visit, and the session
 * is readied with it, so that joining does not have to wait for that.
 */
export function useGuestName() {
  const { guestName, setGuestName } = useStudio();
  const { prepare } = useStreamingActions();
  const [typed, type] = useState(guestName);

  const keep = useCallback(() => {
    const name = validGuestName(typed);
    if (name === undefined || name === guestName) return;
    setGuestName(name);
    void prepare();
  }, [typed, guestName, setGuestName, prepare]);

  useEffect(() => {
    const timer = setTimeout(keep, SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [keep]);

  return { typed, type, keep };
}
