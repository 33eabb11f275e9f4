import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { Bridge } from '../bridge/bridge.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import styles from './StudioAway.module.css';

/** While the studio is gone without having stopped in order: what goes on, and what to do. */
export function StudioAway({ bridge }: { bridge: Bridge }) {
  const [away, setAway] = useState(false);
  const inRoom = useStreamingState(({ phase }) => phase === 'inside');
  useEffect(
    () =>
      bridge.onAway((now) => {
        setAway(now);
        if (!now) toast('The studio is back.');
      }),
    [bridge],
  );
  return (
    // Always there, so that what comes into it is announced.
    <div role="alert" className={styles.place}>
      {away && (
        <p className={styles.banner}>
          <Unplug size={18} aria-hidden="true" />
          <span>
            <strong>The studio has stopped unexpectedly.</strong> Start it again: this window then
            goes on by itself.
            {inRoom && ' In your room, pictures and sound go on meanwhile.'} What was recorded is
            kept, and the next start finishes it.
          </span>
        </p>
      )}
    </div>
  );
}
