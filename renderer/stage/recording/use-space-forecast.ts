import { useCallback, useEffect, useState } from 'react';
import { useStudio } from '../../app/studio-context.ts';
import { usePolling } from '../../ui/use-polling.ts';

const POLL_MS = 10_000;

/** How long there is space to record, in ms; `undefined` where that is not known. */
export function useSpaceForecast(): number | undefined {
  const { bridge, features } = useStudio();
  const [timeLeftMs, setTimeLeftMs] = useState<number>();
  const asked = bridge !== undefined && features.recording.offered;
  const ask = useCallback(async () => {
    try {
      setTimeLeftMs((await bridge?.call('recording.forecast', undefined))?.timeLeftMs);
    } catch (error) {
      // What is wrong with the disk is told where a recording runs or is begun.
      console.warn('It is not known how much space there is to record.', error);
      setTimeLeftMs(undefined);
    }
  }, [bridge]);
  useEffect(() => {
    if (asked) void ask();
  }, [asked, ask]);
  usePolling(ask, asked ? POLL_MS : undefined);
  return timeLeftMs;
}
