import { type FormEvent, useState } from 'react';
import { LibraryLimits, type LibraryOverview } from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './Form.module.css';

const FORM = 'recording-limits';

export interface LimitsDialogProps {
  bridge: Bridge;
  overview: LibraryOverview;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChanged: (overview: LibraryOverview) => void;
}

/** How long and how much is kept from now on. */
export function LimitsDialog(props: LimitsDialogProps) {
  const { open, onOpenChange } = props;
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Limits for recordings"
      description="What you keep for good is never deleted by itself, nor what is being recorded, exported or watched, nor the recordings of the last day."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Save limits
          </Button>
        </>
      }
    >
      <LimitsForm {...props} onBusy={setBusy} />
    </Dialog>
  );
}

function LimitsForm(props: LimitsDialogProps & { onBusy: (busy: boolean) => void }) {
  const { bridge, overview, onOpenChange, onChanged, onBusy } = props;
  const [days, setDays] = useState(String(overview.retentionDays));
  const [quota, setQuota] = useState(String(overview.quotaGb ?? ''));
  const [problems, setProblems] = useState<{ retentionDays?: string; quotaGb?: string }>({});
  const [refusal, setRefusal] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const limits = LibraryLimits.safeParse({
      retentionDays: Number(days),
      quotaGb: quota.trim() === '' ? null : Number(quota.replace(',', '.')),
    });
    const wrong = new Set(limits.error?.issues.map(({ path }) => path[0]));
    setProblems({
      ...(wrong.has('retentionDays') && { retentionDays: 'A whole number from 1 to 3650.' }),
      ...(wrong.has('quotaGb') && { quotaGb: 'A number of at least 0.1, or nothing.' }),
    });
    setRefusal(undefined);
    if (!limits.success) return;
    onBusy(true);
    try {
      onChanged(await bridge.call('library.limit', limits.data));
      onOpenChange(false);
    } catch (error) {
      setRefusal(explain(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label="Days a new recording is kept"
        inputMode="numeric"
        value={days}
        problem={problems.retentionDays}
        onChange={(event) => setDays(event.target.value)}
      />
      <TextField
        label="Most that recordings may take, in GB"
        description="Empty for no limit. When they take more, the one whose date is next goes first."
        inputMode="decimal"
        value={quota}
        problem={problems.quotaGb}
        onChange={(event) => setQuota(event.target.value)}
      />
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
