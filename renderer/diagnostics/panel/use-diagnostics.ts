import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useStreamingActions, useStreamingState } from '../../rooms/streaming-context.tsx';
import { DiagnosticsCollector, type LinkHistories } from '../links/diagnostics-collector.ts';

/** Samples the room's connections for as long as it is mounted. Never renders anew by itself. */
export function useDiagnosticsCollector(): DiagnosticsCollector {
  const { peerStats } = useStreamingActions();
  const links = useStreamingState((state) => state.links);
  const linksNow = useRef(links);
  linksNow.current = links;
  const [collector] = useState(
    () =>
      new DiagnosticsCollector({ peers: () => Object.keys(linksNow.current), stats: peerStats }),
  );
  useEffect(() => {
    collector.start();
    return () => collector.stop();
  }, [collector]);
  return collector;
}

/** What was collected; renders anew with each round, about once a second. */
export function useLinkHistories(collector: DiagnosticsCollector): LinkHistories {
  const [subscribe] = useState(() => (listener: () => void) => collector.subscribe(listener));
  return useSyncExternalStore(subscribe, () => collector.histories);
}
