import { AudioLines, Copy, Layers, MonitorPlay } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { LibraryEntry } from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from '../ui/Form.module.css';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { RadioCards } from '../ui/RadioCards.tsx';
import { TextField } from '../ui/TextField.tsx';

const FORMATS = [
  {
    value: 'compatible',
    label: 'For every player and editor',
    description: 'The picture as it is where it is H.264, the sound as AAC.',
    icon: <MonitorPlay size={16} aria-hidden="true" />,
  },
  {
    value: 'as-recorded',
    label: 'Exactly as recorded',
    description: 'Nothing is encoded again. Some players have no sound then (Opus).',
    icon: <Copy size={16} aria-hidden="true" />,
  },
  {
    value: 'tracks-editor',
    label: 'Separate tracks, for any editor',
    description:
      'A folder with everybody’s sound (WAV) and picture (H.264, encoded again), all in step from the start.',
    icon: <Layers size={16} aria-hidden="true" />,
  },
  {
    value: 'tracks-received',
    label: 'Separate tracks, as received',
    description: 'Pictures untouched (Matroska), with a timeline that puts them in place. Quick.',
    icon: <AudioLines size={16} aria-hidden="true" />,
  },
] as const;

type Choice = (typeof FORMATS)[number]['value'];

/** Has main begin it. */
function begin(bridge: Bridge, recordingId: string, choice: Choice, folder: string) {
  switch (choice) {
    case 'tracks-editor':
      return bridge.call('library.exportTracks', { recordingId, pictures: 'editor', folder });
    case 'tracks-received':
      return bridge.call('library.exportTracks', { recordingId, pictures: 'received', folder });
    default:
      return bridge.call('library.export', { recordingId, format: choice, folder });
  }
}

export interface ExportDialogProps {
  bridge: Bridge;
  entry: LibraryEntry;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Where the file goes and what it is; the work itself goes on in the background. */
export function ExportDialog({ bridge, entry, open, onOpenChange }: ExportDialogProps) {
  const form = `export-${entry.recordingId}`;
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Export “${entry.title}”`}
      description="Plain files, which anybody who has them can open."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} busy={busy}>
            Export
          </Button>
        </>
      }
    >
      <ExportForm
        {...{ bridge, entry, form }}
        onBusy={setBusy}
        onBegun={() => onOpenChange(false)}
      />
    </Dialog>
  );
}

function ExportForm(props: {
  bridge: Bridge;
  entry: LibraryEntry;
  form: string;
  onBusy: (busy: boolean) => void;
  onBegun: () => void;
}) {
  const { bridge, entry, form, onBusy, onBegun } = props;
  const [format, setFormat] = useState<Choice>('compatible');
  const [folder, setFolder] = useState('');
  const [refusal, setRefusal] = useState<string>();

  useEffect(() => {
    bridge.call('library.overview', undefined).then(
      ({ exportFolder }) => setFolder(exportFolder),
      (error: unknown) => setRefusal(explain(error).message),
    );
  }, [bridge]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setRefusal(undefined);
    onBusy(true);
    try {
      const { recordingId } = entry;
      await begin(bridge, recordingId, format, folder.trim());
      onBegun();
    } catch (error) {
      setRefusal(explain(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={form} className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label="Folder"
        description="With its whole path. It is made where there is none; nothing in it is overwritten."
        spellCheck={false}
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
      />
      <RadioCards legend="What is made" value={format} options={FORMATS} onChange={setFormat} />
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
