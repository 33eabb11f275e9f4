import { useCallback, useEffect, useState } from 'react';
import type { PlacementOverview } from '../../protocol/replicas.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { explain } from '../ui/explain.ts';

/** While files are sent something changes with each of them: often enough to see it move. */
const ASK_AGAIN_MS = 1000;

export interface Copies {
  /** `undefined` until it is there. */
  overview: PlacementOverview | undefined;
  problem: string | undefined;
  set: (overview: PlacementOverview) => void;
}

/** The copies of this studio's recordings on other nodes, as they are now. */
export function useCopies(bridge: Bridge): Copies {
  const [overview, setOverview] = useState<PlacementOverview>();
  const [problem, setProblem] = useState<string>();
  const ask = useCallback(() => {
    bridge.call('copies.overview', undefined).then(
      (found) => {
        setOverview(found);
        setProblem(undefined);
      },
      (error: unknown) => setProblem(explain(error).message),
    );
  }, [bridge]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = bridge.on('copies.changed', () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        ask();
      }, ASK_AGAIN_MS);
    });
    ask();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [bridge, ask]);
  return { overview, problem, set: setOverview };
}
