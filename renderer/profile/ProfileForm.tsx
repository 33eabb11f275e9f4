import { type FormEvent, useId, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { explain, fieldProblem } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './ProfileForm.module.css';
import { type ProfileProblems, profileProblems, tidyHandle } from './profile-form.ts';

export interface ProfileFormProps {
  /** The form's id, so that a button elsewhere can submit it. */
  id: string;
  onBusy: (busy: boolean) => void;
  onSaved: () => void;
}

/** Handle and display name of the studio's owner. */
export function ProfileForm({ id, onBusy, onSaved }: ProfileFormProps) {
  const { member, changeProfile } = useStudio();
  const hint = useId();
  const [draft, setDraft] = useState({
    handle: member?.handle ?? '',
    displayName: member?.displayName ?? '',
  });
  const [problems, setProblems] = useState<ProfileProblems>({});
  const [refusal, setRefusal] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const found = profileProblems(draft);
    setProblems(found);
    setRefusal(undefined);
    if (Object.keys(found).length > 0) return;
    onBusy(true);
    try {
      await changeProfile({ handle: draft.handle, displayName: draft.displayName.trim() });
      onSaved();
    } catch (error) {
      showRefusal(error);
    } finally {
      onBusy(false);
    }
  }

  function showRefusal(error: unknown) {
    const { code, message } = explain(error);
    const handle = code === 'handle-taken' ? message : fieldProblem(error, 'handle');
    const displayName = fieldProblem(error, 'displayName');
    setProblems({ ...(handle && { handle }), ...(displayName && { displayName }) });
    if (!handle && !displayName) setRefusal(message);
  }

  return (
    <form id={id} className={styles.form} onSubmit={submit} noValidate aria-describedby={hint}>
      <TextField
        label="Display name"
        name="displayName"
        autoComplete="name"
        maxLength={64}
        value={draft.displayName}
        problem={problems.displayName}
        description="What people see on your tile and your posts."
        onChange={(event) => setDraft({ ...draft, displayName: event.target.value })}
      />
      <TextField
        label="Handle"
        name="handle"
        prefix="@"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={33}
        value={draft.handle}
        problem={problems.handle}
        description="Your address at this node. Nobody else here can have the same."
        onChange={(event) => setDraft({ ...draft, handle: tidyHandle(event.target.value) })}
      />
      <p id={hint} className="visually-hidden">
        Your profile is shown to everybody in your rooms and feeds.
      </p>
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
