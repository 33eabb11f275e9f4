import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { LaunchForm } from './LaunchForm.tsx';

const FORM = 'launch-room';

export interface LaunchDialogProps {
  open: boolean;
  projectId: string | undefined;
  onClose: () => void;
}

/** Everything to decide before a live room starts. */
export function LaunchDialog({ open, projectId, onClose }: LaunchDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && !busy && onClose()}
      title="Start a live room"
      description="You are backstage first. Nothing is in a feed until you go live."
      wide
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Start room
          </Button>
        </>
      }
    >
      <LaunchForm
        id={FORM}
        projectId={projectId}
        busy={busy}
        onBusy={setBusy}
        onStarted={onClose}
      />
    </Dialog>
  );
}
