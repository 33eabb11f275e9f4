import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { useShareLink } from '../../reach/use-share-link.ts';
import { rolesGivenBy } from '../../rooms/moderator-rights.ts';
import { useStreamingActions, useStreamingState } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import { ChoiceField } from '../../ui/ChoiceField.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { explain } from '../../ui/explain.ts';
import styles from '../../ui/Form.module.css';
import { InlineProblem } from '../../ui/InlineProblem.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { roleName } from '../room-people.ts';
import { INVITE_LIFETIMES, type InviteDraft, inviteeOf, namesMember } from './invite-form.ts';
import { inviteName } from './invite-words.ts';

const FORM = 'new-invite';

/** Makes an invitation, and puts its link on the clipboard. */
export function NewInviteDialog({ onClose }: { onClose: () => void }) {
  const { mintInvite } = useStreamingActions();
  const share = useShareLink();
  const role = useStreamingState((state) => state.self?.role ?? 'listener');
  const [draft, setDraft] = useState<InviteDraft>({
    who: '',
    role: 'speaker',
    lifetime: '86400',
    singleUse: true,
  });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const forMember = namesMember(draft);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const checked = inviteeOf(draft);
    setProblem(checked.ok ? undefined : checked.problem);
    setRefusal(undefined);
    if (!checked.ok || busy) return;
    setBusy(true);
    try {
      const invite = await mintInvite(checked.invitee);
      onClose();
      await copyText(share(invite.link)).then(
        () => toast(`The link for “${inviteName(invite)}” is copied. Send it to them.`),
        (error: unknown) => toast.error(explain(error).message, { duration: 20_000 }),
      );
    } catch (error) {
      setRefusal(explain(error).message);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title="New invite"
      description="A link of its own: you see who came in by it, and can take it back."
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Create and copy link
          </Button>
        </>
      }
    >
      <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label="Whom it is for"
          placeholder="Press, or @handle"
          maxLength={60}
          autoComplete="off"
          value={draft.who}
          problem={problem}
          description="A name for your list. With a member’s @handle, only they can use it."
          onChange={(event) => setDraft({ ...draft, who: event.target.value })}
        />
        <ChoiceField
          legend="They come in as"
          value={draft.role}
          options={rolesGivenBy(role).map((value) => ({ value, label: roleName(value) }))}
          onChange={(value) => setDraft({ ...draft, role: value })}
        />
        <ChoiceField
          legend="Good for"
          value={draft.lifetime}
          options={INVITE_LIFETIMES}
          onChange={(lifetime) => setDraft({ ...draft, lifetime })}
        />
        <SwitchField
          label="For one person"
          description="Whoever comes by it first; then it is used up."
          checked={forMember || draft.singleUse}
          disabled={forMember}
          onChange={(singleUse) => setDraft({ ...draft, singleUse })}
        />
        {refusal && <InlineProblem message={refusal} />}
      </form>
    </Dialog>
  );
}
