import { type FormEvent, useState } from 'react';
import { readPageLink } from '../../protocol/page-link.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useInRoom, useOpenPage } from './use-open-page.ts';

const FORM = 'join-by-link';

export interface JoinByLinkDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** To somebody's room, post or replay, on whichever node it is, with the member's own key. */
export function JoinByLinkDialog({ open, onOpenChange }: JoinByLinkDialogProps) {
  const inRoom = useInRoom();
  const [link, setLink] = useState('');
  const [problem, setProblem] = useState<string>();
  const openPage = useOpenPage();

  function submit(event: FormEvent) {
    event.preventDefault();
    const page = readPageLink(link);
    if (!page) {
      setProblem(
        'This is no link to a room, a post or a replay. It looks like https://…/join/room_… Copy it again in full.',
      );
      return;
    }
    onOpenChange(false);
    openPage(page);
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Join by link"
      description="You come in as yourself, with your own key, wherever the room is."
      footer={
        <Button variant="primary" type="submit" form={FORM} disabled={inRoom}>
          Go to the room
        </Button>
      }
    >
      <form id={FORM} onSubmit={submit} noValidate>
        <TextField
          label="Invite link"
          description={inRoom ? 'Leave the room you are in first.' : 'As it was sent to you.'}
          value={link}
          problem={problem}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setLink(event.target.value);
            setProblem(undefined);
          }}
        />
      </form>
    </Dialog>
  );
}
