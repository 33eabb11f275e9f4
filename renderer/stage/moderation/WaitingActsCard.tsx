import { CloudOff } from 'lucide-react';
import { waitingActs } from '../../rooms/moderator-acts.ts';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { TrayCard } from '../TrayCard.tsx';

/** A moderator whose node can't be reached knows who follows what they decided, and who does not yet. */
export function WaitingActsCard() {
  const count = useStreamingState((state) => waitingActs(state).length);
  return (
    <TrayCard
      shown={count > 0}
      tone="warn"
      icon={<CloudOff size={18} aria-hidden="true" />}
      title={
        count === 1
          ? 'One decision is not at the node yet'
          : `${count} decisions are not at the node yet`
      }
    >
      Everybody you are connected to follows {count === 1 ? 'it' : 'them'} already. The node hears
      of {count === 1 ? 'it' : 'them'} as soon as it can be reached.
    </TrayCard>
  );
}
