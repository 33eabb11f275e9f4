import { type FormEvent, useState } from 'react';
import type { MuteScope } from '../../../protocol/moderation.ts';
import type { Participant } from '../../../protocol/rooms.ts';
import { Button } from '../../ui/Button.tsx';
import { ChoiceField } from '../../ui/ChoiceField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import styles from '../../ui/Form.module.css';
import { MUTE_LIMITS, type MuteLimit, muteDurationMs } from './moderation-words.ts';
import { ReasonField, reasonPart } from './ReasonField.tsx';
import { useModerate } from './use-moderate.ts';

const FORM = 'mute';

const SCOPES: readonly { value: MuteScope; label: string }[] = [
  { value: 'audio', label: 'Microphone' },
  { value: 'video', label: 'Camera' },
  { value: 'both', label: 'Both' },
];

export interface MuteDialogProps {
  person: Pick<Participant, 'peerId' | 'displayName'>;
  onClose: () => void;
}

/** A mute with all that can be said about it. */
export function MuteDialog({ person, onClose }: MuteDialogProps) {
  const moderate = useModerate();
  const [scope, setScope] = useState<MuteScope>('both');
  const [limit, setLimit] = useState<MuteLimit>('lifted');
  const [reason, setReason] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    const durationMs = muteDurationMs(limit);
    moderate({
      peerId: person.peerId,
      action: 'mute',
      scope,
      ...(durationMs !== undefined && { durationMs }),
      ...reasonPart(reason),
    });
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Mute ${person.displayName}`}
      description="They are told, and can’t switch it on themselves meanwhile."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM}>
            Mute
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
        <ChoiceField legend="What" value={scope} options={SCOPES} onChange={setScope} />
        <ChoiceField legend="How long" value={limit} options={MUTE_LIMITS} onChange={setLimit} />
        <ReasonField value={reason} onChange={setReason} />
      </form>
    </Dialog>
  );
}
