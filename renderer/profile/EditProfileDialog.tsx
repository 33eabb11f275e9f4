import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { ProfileForm } from './ProfileForm.tsx';

const FORM = 'edit-profile';

export interface EditProfileDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Changes handle and display name. */
export function EditProfileDialog({ open, onOpenChange }: EditProfileDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Edit profile"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Save profile
          </Button>
        </>
      }
    >
      <ProfileForm
        id={FORM}
        onBusy={setBusy}
        onSaved={() => {
          onOpenChange(false);
          toast('Your profile is saved.');
        }}
      />
    </Dialog>
  );
}
