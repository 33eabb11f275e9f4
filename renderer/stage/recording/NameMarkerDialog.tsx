import { type FormEvent, useState } from 'react';
import { MarkerLabel } from '../../../protocol/recordings.ts';
import type { RecordingMarker } from '../../rooms/streaming.ts';
import { useStreamingActions } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { clockDuration } from '../../ui/duration.ts';
import { explain } from '../../ui/explain.ts';
import styles from '../../ui/Form.module.css';
import { TextField } from '../../ui/TextField.tsx';

const FORM = 'name-marker';

/** What a marked moment is called among the replay's chapters. */
export function NameMarkerDialog(props: { marker: RecordingMarker; onClose: () => void }) {
  const { marker, onClose } = props;
  const { nameMarker } = useStreamingActions();
  const [label, setLabel] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const name = MarkerLabel.safeParse(label);
    if (!name.success) return setProblem('Give it a name of up to 80 characters.');
    setBusy(true);
    try {
      await nameMarker(marker, name.data);
      onClose();
    } catch (error) {
      setProblem(explain(error).message);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Name the marker at ${clockDuration(marker.atMs)}`}
      description="It becomes a chapter of the replay."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Save name
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label="Name"
          maxLength={80}
          value={label}
          problem={problem}
          onChange={(event) => {
            setLabel(event.target.value);
            setProblem(undefined);
          }}
        />
      </form>
    </Dialog>
  );
}
