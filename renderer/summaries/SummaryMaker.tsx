import { FileText, Settings } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { isOver, type LibraryJob } from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import styles from './SummarySection.module.css';
import { SummarySettingsDialog } from './SummarySettingsDialog.tsx';

export interface SummaryMakerProps {
  bridge: Bridge;
  recordingId: string;
  /** There is one already. */
  has: boolean;
  onMade: () => void;
}

/** Has transcript and summary made on the host's computer, and shows how far it is. */
export function SummaryMaker({ bridge, recordingId, has, onMade }: SummaryMakerProps) {
  const job = useSummaryJob(bridge, recordingId, onMade);
  const [configuring, setConfiguring] = useState(false);

  async function make() {
    try {
      await bridge.call('summaries.make', { recordingId });
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  const runs = job !== undefined && !isOver(job);
  return (
    <div className={styles.maker}>
      {!has && !runs && (
        <p className={styles.origin}>
          A transcript, captions and a few lines on what was said, made when you ask for it.
        </p>
      )}
      {runs && (
        <div className={styles.progress} role="status">
          <span>Listening to the recording</span>
          <ProgressBar fraction={job.progress} label="Transcript" />
          <Button size="small" onClick={() => bridge.call('library.cancel', { jobId: job.jobId })}>
            Cancel
          </Button>
        </div>
      )}
      {job?.state === 'failed' && job.error && <InlineProblem message={job.error.message} />}
      <div className={styles.actions}>
        {!runs && (
          <Button icon={<FileText size={18} aria-hidden="true" />} onClick={make}>
            {has ? 'Make the summary anew' : 'Make a summary'}
          </Button>
        )}
        <Button
          icon={<Settings size={18} aria-hidden="true" />}
          onClick={() => setConfiguring(true)}
        >
          Transcript settings
        </Button>
      </div>
      <SummarySettingsDialog bridge={bridge} open={configuring} onOpenChange={setConfiguring} />
    </div>
  );
}

function useSummaryJob(
  bridge: Bridge,
  recordingId: string,
  onMade: () => void,
): LibraryJob | undefined {
  const [job, setJob] = useState<LibraryJob>();
  useEffect(() => {
    const concerns = (of: LibraryJob) => of.kind === 'summarise' && of.recordingId === recordingId;
    let current = true;
    bridge.call('library.jobs', undefined).then(
      (jobs) => {
        const running = jobs.find((of) => concerns(of) && !isOver(of));
        if (current && running) setJob(running);
      },
      (error: unknown) => console.info('No news of work that runs.', error),
    );
    const stop = bridge.on('library.job', (changed) => {
      if (!concerns(changed)) return;
      setJob(changed);
      if (changed.state === 'done') onMade();
    });
    return () => {
      current = false;
      stop();
    };
  }, [bridge, recordingId, onMade]);
  return job;
}
