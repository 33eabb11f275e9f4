import { useCallback } from 'react';
import { toast } from 'sonner';
import type { ModerationAct } from '../../rooms/moderator-acts.ts';
import { useStreamingActions } from '../../rooms/streaming-context.tsx';
import { explain } from '../../ui/explain.ts';

/** Moderates; its effect is on the screen already, so that only a refusal needs words. */
export function useModerate(): (act: ModerationAct) => void {
  const { moderate } = useStreamingActions();
  return useCallback(
    (act) => {
      moderate(act).catch((error: unknown) => toast.error(explain(error).message));
    },
    [moderate],
  );
}
