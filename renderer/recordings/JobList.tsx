import { X } from 'lucide-react';
import { toast } from 'sonner';
import { isOver, type LibraryJob } from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import styles from './JobList.module.css';
import { hashWords, jobWords } from './library-words.ts';

export interface JobListProps {
  bridge: Bridge;
  jobs: readonly LibraryJob[];
  onPutAway: (jobId: string) => void;
}

/** Long work on recordings: how far it is, how it ended, and how to end it. */
export function JobList({ bridge, jobs, onPutAway }: JobListProps) {
  if (jobs.length === 0) return null;
  return (
    <ul aria-label="Work in progress" className={styles.list}>
      {jobs.map((job) => (
        <li key={job.jobId} className={styles.job}>
          <JobItem bridge={bridge} job={job} onPutAway={() => onPutAway(job.jobId)} />
        </li>
      ))}
    </ul>
  );
}

function JobItem(props: { bridge: Bridge; job: LibraryJob; onPutAway: () => void }) {
  const { bridge, job, onPutAway } = props;
  const { jobId, state, progress, path } = job;
  const words = jobWords(job);
  const attempt = (work: Promise<void>) =>
    work.catch((error: unknown) => void toast.error(explain(error).message));
  return (
    <>
      <div className={styles.words}>
        <p className={styles.what} role={isOver(job) ? 'status' : undefined}>
          {words}
        </p>
        <Outcome job={job} />
      </div>
      {state === 'running' && (
        <span className={styles.percent}>{Math.round(progress * 100)} %</span>
      )}
      {!isOver(job) && (
        <Button
          size="small"
          aria-label={`Cancel: ${words}`}
          onClick={() => attempt(bridge.call('library.cancel', { jobId }))}
        >
          Cancel
        </Button>
      )}
      {path && (
        <Button size="small" onClick={() => attempt(bridge.call('library.showExport', { jobId }))}>
          Open folder
        </Button>
      )}
      {isOver(job) && (
        <Button
          variant="ghost"
          size="small"
          square
          icon={<X size={16} aria-hidden="true" />}
          aria-label={`Put away: ${words}`}
          onClick={onPutAway}
        />
      )}
      {state === 'running' && <ProgressBar label={words} fraction={progress} />}
    </>
  );
}

function Outcome({ job: { error, path, hash } }: { job: LibraryJob }) {
  if (error) return <p className={styles.problem}>{error.message}</p>;
  if (path) return <p className={styles.path}>{path}</p>;
  if (!hash) return null;
  const damaged = hash.state === 'damaged';
  return <p className={damaged ? styles.problem : styles.path}>{hashWords(hash, Date.now())}.</p>;
}
