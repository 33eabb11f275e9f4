import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { LaunchDialog } from './LaunchDialog.tsx';
import { type Launch, LaunchContext } from './launch-context.ts';

/** Holds the launch dialog, so that both composers open the same one. */
export function LaunchProvider({ children }: { children: ReactNode }) {
  const { features } = useStudio();
  const busy = useStreamingState(({ phase }) => ['inside', 'joining', 'waiting'].includes(phase));
  const [target, setTarget] = useState<{ projectId: string | undefined }>();

  const open = useCallback((projectId?: string) => setTarget({ projectId }), []);
  const value = useMemo<Launch>(() => {
    const { streaming } = features;
    if (!streaming.offered) return { offered: false, why: streaming.why, open };
    return busy
      ? { offered: false, why: 'You are in a room. Leave or end it to start another.', open }
      : { offered: true, why: undefined, open };
  }, [features, busy, open]);

  return (
    <LaunchContext value={value}>
      {children}
      <LaunchDialog
        open={target !== undefined}
        projectId={target?.projectId}
        onClose={() => setTarget(undefined)}
      />
    </LaunchContext>
  );
}
