import { Activity } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { ConnectionCheckDialog } from './check/ConnectionCheckDialog.tsx';

export interface ConnectionCheckButtonProps {
  /** Camera and microphone where they are open already, so that nobody is asked twice. */
  preview?: MediaStream | undefined;
}

/** Offers to find out, before joining or when it failed, what would not work. */
export function ConnectionCheckButton({ preview }: ConnectionCheckButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="ghost"
        icon={<Activity size={18} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        Check my connection
      </Button>
      <ConnectionCheckDialog open={open} onOpenChange={setOpen} preview={preview} />
    </>
  );
}
