import { useEffect, useRef } from 'react';

/**
 * Runs `poll` every `everyMs` while the page is visible, and at once when it becomes visible
 * again; the next wait starts when the last run has settled. `undefined` stops it.
 */
export function usePolling(poll: () => Promise<void>, everyMs: number | undefined) {
  const latest = useRef(poll);
  latest.current = poll;
  useEffect(() => {
    if (everyMs === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let running = false;

    async function run() {
      if (running) return;
      running = true;
      clearTimeout(timer);
      await latest.current();
      running = false;
      if (!stopped && document.visibilityState === 'visible') timer = setTimeout(run, everyMs);
    }
    function onVisibility() {
      if (document.visibilityState === 'visible') void run();
      else clearTimeout(timer);
    }

    timer = setTimeout(run, everyMs);
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [everyMs]);
}
