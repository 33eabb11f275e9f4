import { useCallback, useEffect, useRef, useState } from 'react';
import { useStudio } from '../../app/studio-context.ts';
import { connectionChecks } from './all-checks.ts';
import { createBrowserEnvironment } from './browser-environment.ts';
import { type CheckProgress, runChecks } from './run-checks.ts';

/** Runs the check while mounted. `again` starts it anew. */
export function useConnectionCheck(preview: MediaStream | undefined): {
  progress: readonly CheckProgress[];
  again: () => void;
} {
  const { api, place, sessions } = useStudio();
  const [progress, setProgress] = useState<readonly CheckProgress[]>([]);
  const [attempt, setAttempt] = useState(0);
  const previewNow = useRef(preview);
  previewNow.current = preview;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt is a run of its own.
  useEffect(() => {
    const run = new AbortController();
    const environment = createBrowserEnvironment({
      ...{
        baseUrl: api.baseUrl,
        nodeOrigin: place?.origin ?? location.origin,
        sessions,
        preview: previewNow.current,
      },
    });
    void runChecks(connectionChecks, environment, {
      signal: run.signal,
      changed: (steps) => !run.signal.aborted && setProgress(steps),
    }).finally(() => environment.close());
    return () => run.abort();
  }, [attempt, api, sessions]);

  return { progress, again: useCallback(() => setAttempt((n) => n + 1), []) };
}
