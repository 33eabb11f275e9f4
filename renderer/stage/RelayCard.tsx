import { Waypoints } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useShallow } from 'zustand/react/shallow';
import { relayUse } from '../rooms/relay-use.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { relayAdvice } from './relay-advice.ts';
import { TrayCard } from './TrayCard.tsx';

/** Tells the host when the relay gets short for this room, for as long as it is. */
export function RelayCard() {
  const advice = useStreamingState(
    useShallow((state) => (state.self?.role === 'host' ? relayAdvice(relayUse(state)) : undefined)),
  );
  const short = advice !== undefined;
  const former = useRef(short);
  useEffect(() => {
    if (former.current && !short) toast('The relay has room again for this room’s people.');
    former.current = short;
  }, [short]);
  return (
    <TrayCard
      shown={short}
      tone="warn"
      icon={<Waypoints size={18} aria-hidden="true" />}
      title={advice?.title}
    >
      {advice?.words}
    </TrayCard>
  );
}
