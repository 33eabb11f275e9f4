import { Cloud, Cpu, MicOff, Terminal } from 'lucide-react';
import { type FormEvent, useCallback, useState } from 'react';
import { toast } from 'sonner';
import { type ShownSummarySettings, SummarySettings } from '../../protocol/summaries.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from '../ui/Form.module.css';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { RadioCards } from '../ui/RadioCards.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useLoad } from '../ui/use-load.ts';
import { draftOf, type SummaryDraft, settingsOf, staysHere } from './summary-draft.ts';

const FORM = 'summary-settings';

export interface SummarySettingsDialogProps {
  bridge: Bridge;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What turns speech into text, and what makes bullets of it. */
export function SummarySettingsDialog({ bridge, open, onOpenChange }: SummarySettingsDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Transcripts and summaries"
      description="They are made when you ask for one, never by themselves."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Save and try
          </Button>
        </>
      }
    >
      <Loaded bridge={bridge} onBusy={setBusy} onSaved={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface FormProps {
  bridge: Bridge;
  onBusy: (busy: boolean) => void;
  onSaved: () => void;
}

function Loaded(props: FormProps) {
  const { bridge } = props;
  const { state } = useLoad(
    useCallback(() => bridge.call('summaries.settings', undefined), [bridge]),
  );
  if (state.status === 'loading') return <Skeleton height="240px" radius="10px" />;
  if (state.status === 'failed') return <InlineProblem message={state.problem.message} />;
  return <SettingsForm {...props} known={state.value} />;
}

function SettingsForm({
  bridge,
  onBusy,
  onSaved,
  known,
}: FormProps & { known: ShownSummarySettings }) {
  const [draft, setDraft] = useState<SummaryDraft>(() => draftOf(known));
  const [problem, setProblem] = useState<string>();
  const change = (part: Partial<SummaryDraft>) => setDraft({ ...draft, ...part });

  async function submit(event: FormEvent) {
    event.preventDefault();
    setProblem(undefined);
    const { keys, ...asked } = settingsOf(draft);
    const settings = SummarySettings.safeParse(asked);
    if (!settings.success) {
      setProblem(settings.error.issues.map(({ message }) => message).join('. '));
      return;
    }
    onBusy(true);
    try {
      await bridge.call('summaries.configure', { ...settings.data, keys });
      await bridge.call('summaries.try', undefined);
      toast(draft.recogniser === 'none' ? 'Saved.' : 'Saved, and it answers.');
      onSaved();
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
      <RadioCards
        legend="Speech recogniser"
        value={draft.recogniser}
        onChange={(recogniser) => change({ recogniser })}
        options={[
          {
            value: 'none',
            label: 'None',
            description: 'Summaries are made from the chapters you marked.',
            icon: <MicOff />,
          },
          {
            value: 'command',
            label: 'A program on this computer',
            description: 'Sound stays here. For example whisper.cpp.',
            icon: <Terminal />,
          },
          {
            value: 'whisper-server',
            label: 'A whisper.cpp server',
            description: 'At its /inference address.',
            icon: <Cpu />,
          },
          {
            value: 'openai',
            label: 'A transcription service',
            description: 'Any OpenAI-compatible /v1/audio/transcriptions.',
            icon: <Cloud />,
          },
        ]}
      />
      {draft.recogniser === 'command' && (
        <TextField
          label="Command"
          description="{input} is a WAV file. It prints what was said with times: as whisper-cli does, or JSON, WebVTT, SRT."
          placeholder="whisper-cli -m ggml-base.bin -f {input} -np"
          value={draft.command}
          spellCheck={false}
          onChange={(event) => change({ command: event.target.value })}
        />
      )}
      {(draft.recogniser === 'whisper-server' || draft.recogniser === 'openai') && (
        <>
          <TextField
            label="Address"
            type="url"
            placeholder="http://127.0.0.1:8080/inference"
            description={
              staysHere(draft.recogniserUrl)
                ? 'On this computer: sound stays here.'
                : 'On another computer: the sound of the recording is sent there.'
            }
            value={draft.recogniserUrl}
            onChange={(event) => change({ recogniserUrl: event.target.value })}
          />
          {draft.recogniser === 'openai' && (
            <TextField
              label="Model"
              value={draft.recogniserModel}
              onChange={(event) => change({ recogniserModel: event.target.value })}
            />
          )}
          <TextField
            label="Key"
            type="password"
            autoComplete="off"
            placeholder={known.hasKeys.recogniser ? 'There is one; type to replace it' : 'None'}
            value={draft.recogniserKey}
            onChange={(event) => change({ recogniserKey: event.target.value })}
          />
        </>
      )}
      <RadioCards
        legend="Summary"
        value={draft.summariser}
        onChange={(summariser) => change({ summariser })}
        options={[
          {
            value: 'extract',
            label: 'Chosen on this computer',
            description: 'The sentences that say most, in the speakers’ own words.',
            icon: <Cpu />,
          },
          {
            value: 'openai',
            label: 'A language model',
            description: 'Any OpenAI-compatible /v1/chat/completions.',
            icon: <Cloud />,
          },
        ]}
      />
      {draft.summariser === 'openai' && (
        <>
          <TextField
            label="Address of the model"
            type="url"
            placeholder="http://127.0.0.1:11434/v1/chat/completions"
            description={
              staysHere(draft.summariserUrl)
                ? 'On this computer: the transcript stays here.'
                : 'On another computer: the transcript is sent there.'
            }
            value={draft.summariserUrl}
            onChange={(event) => change({ summariserUrl: event.target.value })}
          />
          <TextField
            label="Name of the model"
            value={draft.summariserModel}
            onChange={(event) => change({ summariserModel: event.target.value })}
          />
          <TextField
            label="Key of the model"
            type="password"
            autoComplete="off"
            placeholder={known.hasKeys.summariser ? 'There is one; type to replace it' : 'None'}
            value={draft.summariserKey}
            onChange={(event) => change({ summariserKey: event.target.value })}
          />
        </>
      )}
      {problem && <InlineProblem message={problem} />}
    </form>
  );
}
