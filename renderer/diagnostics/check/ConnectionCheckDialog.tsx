import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { CheckSteps } from './CheckSteps.tsx';
import styles from './ConnectionCheck.module.css';
import { type CheckProgress, type Verdict, verdictOf } from './run-checks.ts';
import { useConnectionCheck } from './use-connection-check.ts';

export interface ConnectionCheckDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  preview: MediaStream | undefined;
}

/** Checks, step by step, all that a room needs, and says what to do about what is missing. */
export function ConnectionCheckDialog({ open, onOpenChange, preview }: ConnectionCheckDialogProps) {
  return open ? <OpenDialog onClose={() => onOpenChange(false)} preview={preview} /> : null;
}

function OpenDialog(props: { onClose: () => void; preview: MediaStream | undefined }) {
  const { onClose, preview } = props;
  const { progress, again } = useConnectionCheck(preview);
  const verdict = verdictOf(progress);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Check my connection"
      description={<Summary verdict={verdict} progress={progress} />}
      footer={
        <>
          <Button onClick={again} disabled={verdict === 'running'}>
            Check again
          </Button>
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <CheckSteps progress={progress} />
    </Dialog>
  );
}

const SUMMARIES: Record<Exclude<Verdict, 'running'>, string> = {
  fine: 'Everything works. You can join.',
  warning: 'You can join. Something may be missing: see below.',
  failed: 'Something does not work: see below what to do about it.',
};

function Summary({ verdict, progress }: { verdict: Verdict; progress: readonly CheckProgress[] }) {
  const current = progress.find(({ status }) => status === 'running');
  return (
    <p role="status" className={styles.summary}>
      {verdict === 'running' ? `Checking: ${current?.title ?? 'starting'} …` : SUMMARIES[verdict]}
    </p>
  );
}
