import { type FormEvent, useState } from 'react';
import type { Participant } from '../../../protocol/rooms.ts';
import { Button } from '../../ui/Button.tsx';
import { ChoiceField } from '../../ui/ChoiceField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import styles from '../../ui/Form.module.css';
import { BAN_LIMITS, type BanLimit, banDurationS } from './moderation-words.ts';
import { ReasonField, reasonPart } from './ReasonField.tsx';
import { useModerate } from './use-moderate.ts';

const FORM = 'send-out';

export interface SendOutDialogProps {
  act: 'remove' | 'ban';
  person: Pick<Participant, 'peerId' | 'displayName'>;
  onClose: () => void;
}

const WORDS = {
  remove: {
    title: (name: string) => `Remove ${name}?`,
    description:
      'They leave the room at once. They can come back if the room is open to them, or by an invitation.',
    confirm: (name: string) => `Remove ${name}`,
  },
  ban: {
    title: (name: string) => `Ban ${name}?`,
    description:
      'They leave the room at once and can’t come back while the ban lasts, whatever link they have. The invitation they came by is taken back.',
    confirm: (name: string) => `Ban ${name}`,
  },
};

/** Asks before somebody is sent out, for how long, and why. */
export function SendOutDialog({ act, person, onClose }: SendOutDialogProps) {
  const moderate = useModerate();
  const [limit, setLimit] = useState<BanLimit>('room');
  const [reason, setReason] = useState('');
  const words = WORDS[act];

  function submit(event: FormEvent) {
    event.preventDefault();
    const durationS = banDurationS(limit);
    moderate({
      peerId: person.peerId,
      action: act,
      ...(act === 'ban' && durationS !== undefined && { durationS }),
      ...reasonPart(reason),
    });
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(person.displayName)}
      description={words.description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="inverse" type="submit" form={FORM}>
            {words.confirm(person.displayName)}
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
        {act === 'ban' && (
          <ChoiceField legend="For" value={limit} options={BAN_LIMITS} onChange={setLimit} />
        )}
        <ReasonField value={reason} onChange={setReason} />
      </form>
    </Dialog>
  );
}
