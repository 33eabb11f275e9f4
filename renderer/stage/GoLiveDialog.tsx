import { Radio } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import type { Room } from '../../protocol/rooms.ts';
import { useStreamingActions } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from '../ui/Form.module.css';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextArea, TextField } from '../ui/TextField.tsx';
import { type PromoteProblems, promoteRequest } from './promote-form.ts';

const FORM = 'go-live';

export interface GoLiveDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  room: Room;
}

/** What the feed will say about the room, and the last step before it is there. */
export function GoLiveDialog({ open, onOpenChange, room }: GoLiveDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Go live"
      description={`${AUDIENCE[room.visibility]} ${WATCHING[room.recording === 'off' ? 'off' : 'on']}`}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Stay backstage</Button>
          <Button
            variant="live"
            type="submit"
            form={FORM}
            busy={busy}
            icon={<Radio size={18} aria-hidden="true" />}
          >
            Go live
          </Button>
        </>
      }
    >
      <GoLiveForm room={room} onBusy={setBusy} onLive={() => onOpenChange(false)} />
    </Dialog>
  );
}

const AUDIENCE: Record<Room['visibility'], string> = {
  public: 'A post in your feed lets everybody join.',
  followers: 'A post in your feed lets the members of this node join.',
  'invite-only': 'A post in your feed lets the people you invited join. Nobody else sees it.',
};

/** What those can do who want to watch and not to join. */
const WATCHING = {
  on: 'It is recorded, so it can be watched without joining, some seconds behind.',
  off: 'To let people watch without joining, record the room as well.',
} as const;

function GoLiveForm(props: { room: Room; onBusy: (busy: boolean) => void; onLive: () => void }) {
  const { goLive } = useStreamingActions();
  const [draft, setDraft] = useState({ title: props.room.title, description: '', tags: '' });
  const [problems, setProblems] = useState<PromoteProblems>({});
  const [refusal, setRefusal] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const checked = promoteRequest(draft);
    setProblems(checked.ok ? {} : checked.problems);
    setRefusal(undefined);
    if (!checked.ok) return;
    props.onBusy(true);
    try {
      await goLive(checked.request);
      props.onLive();
      toast('You are live. The room is in your feed now.');
    } catch (error) {
      setRefusal(explain(error).message);
    } finally {
      props.onBusy(false);
    }
  }

  return (
    <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label="Title"
        maxLength={120}
        value={draft.title}
        problem={problems.title}
        onChange={(event) => setDraft({ ...draft, title: event.target.value })}
      />
      <TextArea
        label="Description"
        rows={2}
        maxLength={2000}
        value={draft.description}
        problem={problems.description}
        description="What it is about. You may leave it empty."
        onChange={(event) => setDraft({ ...draft, description: event.target.value })}
      />
      <TextField
        label="Tags"
        value={draft.tags}
        problem={problems.tags}
        placeholder="music lamps"
        description="Single words, apart by spaces. You may leave them out."
        onChange={(event) => setDraft({ ...draft, tags: event.target.value })}
      />
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
