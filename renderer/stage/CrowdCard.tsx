import { UsersRound, VideoOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { useShallow } from 'zustand/react/shallow';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { crowdAdvice } from './crowd-advice.ts';
import { TrayCard } from './TrayCard.tsx';

/** Recommends sound alone where there are more cameras than the room carries well. */
export function CrowdCard() {
  const advice = useStreamingState(useShallow(crowdAdvice));
  const { setMuted } = useStreamingActions();
  const [read, setRead] = useState(false);
  const crowded = advice !== undefined;
  // Whoever has read it is told again only about another crowd.
  useEffect(() => {
    if (!crowded) setRead(false);
  }, [crowded]);

  function turnOff() {
    setMuted('video', true).catch((error: unknown) => toast.error(explain(error).message));
  }

  return (
    <TrayCard
      shown={crowded && !read}
      icon={<UsersRound size={18} aria-hidden="true" />}
      title={advice?.title}
      actions={
        <>
          <Button size="small" onClick={() => setRead(true)}>
            {advice?.ownCamera ? 'Keep it on' : 'Got it'}
          </Button>
          {advice?.ownCamera && (
            <Button
              size="small"
              variant="primary"
              icon={<VideoOff size={16} aria-hidden="true" />}
              onClick={turnOff}
            >
              Turn my camera off
            </Button>
          )}
        </>
      }
    >
      {advice?.words}
    </TrayCard>
  );
}
