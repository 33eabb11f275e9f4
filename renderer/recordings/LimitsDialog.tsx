import { type FormEvent, useState } from 'react';
import type {
  LibraryLimits,
  LibraryOverview,
  QuotaPreview,
} from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from '../ui/Form.module.css';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextField } from '../ui/TextField.tsx';
import { goingWords } from './library-words.ts';
import { type LimitProblems, readLimits } from './limits-form.ts';

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
  const [preview, setPreview] = useState<QuotaPreview>();
  const close = (next: boolean) => {
    setPreview(undefined);
    onOpenChange(next);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title="Limits for recordings"
      description="What you keep for good is never deleted by itself, nor what is being recorded, exported or watched, nor the recordings of the last day."
      footer={
        <>
          <Button onClick={() => close(false)}>Cancel</Button>
          <Button variant={preview ? 'inverse' : 'primary'} type="submit" form={FORM} busy={busy}>
            {preview ? 'Save and delete them' : 'Save limits'}
          </Button>
        </>
      }
    >
      <LimitsForm
        {...props}
        {...{ preview, onPreview: setPreview, onBusy: setBusy }}
        onOpenChange={close}
      />
    </Dialog>
  );
}

interface LimitsFormProps extends LimitsDialogProps {
  /** What the limit deletes at once, once the person was told. */
  preview: QuotaPreview | undefined;
  onPreview: (preview: QuotaPreview | undefined) => void;
  onBusy: (busy: boolean) => void;
}

function LimitsForm(props: LimitsFormProps) {
  const { bridge, overview, onOpenChange, onChanged, onBusy, preview, onPreview } = props;
  const [days, setDays] = useState(String(overview.retentionDays));
  const [quota, setQuota] = useState(String(overview.quotaGb ?? ''));
  const [problems, setProblems] = useState<LimitProblems>({});
  const [refusal, setRefusal] = useState<string>();

  async function save(limits: LibraryLimits) {
    if (!preview && limits.quotaGb !== null) {
      const found = await bridge.call('library.preview', { quotaGb: limits.quotaGb });
      if (found.goes.length > 0) return onPreview(found);
    }
    onChanged(await bridge.call('library.limit', limits));
    onOpenChange(false);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const limits = readLimits(days, quota);
    setProblems(limits.problems);
    setRefusal(undefined);
    if (!limits.value) return;
    onBusy(true);
    try {
      await save(limits.value);
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
        onChange={(event) => {
          onPreview(undefined);
          setQuota(event.target.value);
        }}
      />
      {preview && <InlineProblem message={goingWords(preview)} />}
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
