import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CopiesPanel } from './CopiesPanel.tsx';
import type { Copies } from './use-copies.ts';

/** Opens what there is to say and to choose about copies on other nodes. */
export function CopiesButton({ bridge, copies }: { bridge: Bridge; copies: Copies }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="small"
        icon={<Copy size={16} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        Copies
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Copies on other nodes"
        description="Your replays can be watched while this computer is off, from nodes that keep copies. These are encrypted, checked against your signature, and go when the recording goes."
      >
        {open && <CopiesPanel bridge={bridge} copies={copies} />}
      </Dialog>
    </>
  );
}
