import { useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { ProfileForm } from './ProfileForm.tsx';

const FORM = 'first-profile';

/** Asks the owner of a new studio who they are. */
export function FirstStartDialog() {
  const { info } = useStudio();
  const [open, setOpen] = useState(info?.firstStart === true);
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Welcome to your studio"
      description="Who are you on air? You can change this later."
      footer={
        <Button variant="primary" type="submit" form={FORM} busy={busy}>
          Save profile
        </Button>
      }
      mustAnswer
    >
      <ProfileForm id={FORM} onBusy={setBusy} onSaved={() => setOpen(false)} />
    </Dialog>
  );
}
