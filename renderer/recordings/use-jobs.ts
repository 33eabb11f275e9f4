import { useCallback, useEffect, useState } from 'react';
import { isOver, type LibraryJob } from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';

/**
 * Long work on recordings: what waits and runs, and what ended while this page was open and was
 * not put away.
 */
export function useJobs(bridge: Bridge) {
  const [jobs, setJobs] = useState<ReadonlyMap<string, LibraryJob>>(new Map());

  useEffect(() => {
    const put = (job: LibraryJob) =>
      setJobs((current) => {
        // An answer to "what runs" may come after the news that it has ended.
        const known = current.get(job.jobId);
        return known && isOver(known) ? current : new Map(current).set(job.jobId, job);
      });
    const stop = bridge.on('library.job', put);
    bridge.call('library.jobs', undefined).then(
      (all) => {
        for (const job of all) if (!isOver(job)) put(job);
      },
      (error: unknown) => console.warn('What runs could not be asked for.', error),
    );
    return stop;
  }, [bridge]);

  const putAway = useCallback((jobId: string) => {
    setJobs((current) => {
      const left = new Map(current);
      left.delete(jobId);
      return left;
    });
  }, []);
  return { jobs: [...jobs.values()], putAway };
}
