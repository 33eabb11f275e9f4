import { useCallback, useEffect, useState } from 'react';
import type { Reach, ReachStatus } from '../../protocol/reach.ts';
import { useStudio } from '../app/studio-context.ts';
import { explain } from '../ui/explain.ts';

/** How people on other devices reach this studio, and what the owner may do about it. */
export interface ReachControl {
  /** `undefined` until it is known, and for ever in a guest's tab. */
  status: ReachStatus | undefined;
  /** A call that failed, as a sentence. */
  problem: string | undefined;
  /** Something asked for here is not done yet. */
  busy: boolean;
  set: (reach: Reach) => void;
  /** Tries every address again. */
  check: () => void;
}

/** Follows the studio's own word; a guest's tab hears nothing. */
export function useReach(): ReachControl {
  const { bridge } = useStudio();
  const [status, setStatus] = useState<ReachStatus>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const ask = useCallback(async (call: () => Promise<ReachStatus>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      setStatus(await call());
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => {
    if (!bridge) return;
    void ask(() => bridge.call('reach.status', undefined));
    return bridge.on('reach.changed', setStatus);
  }, [bridge, ask]);

  return {
    status,
    problem,
    busy,
    set: (reach) => bridge && void ask(() => bridge.call('reach.set', { reach })),
    check: () => bridge && void ask(() => bridge.call('reach.check', undefined)),
  };
}
