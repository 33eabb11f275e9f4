import { Waypoints } from 'lucide-react';
import { useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';

/** Moves the room's media to the node's relay and back, where the node offers one. */
export function RelayButton() {
  const { node } = useStudio();
  const { setRelayed } = useStreamingActions();
  const relayedBy = useStreamingState((state) => state.room?.relayedBy);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isRelayed = relayedBy !== undefined;
  if (!isRelayed && !node.features.includes('relay')) return null;

  async function move() {
    setBusy(true);
    setProblem(undefined);
    try {
      await setRelayed(!isRelayed);
      setOpen(false);
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  const title = isRelayed ? 'Go back to the mesh' : 'Move to the relay';
  return (
    <>
      <Button
        icon={<Waypoints size={18} aria-hidden="true" />}
        aria-label={title}
        title={title}
        onClick={() => setOpen(true)}
      />
      <Dialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          setProblem(undefined);
        }}
        title={title}
        description={
          isRelayed
            ? 'Everybody sends their picture to everybody else again, without a node in between. Up to six cameras that works well.'
            : `Everybody then sends their picture once, to ${node.name}, which passes it on. That carries more cameras. It is encrypted end to end: the node can’t see or hear anything. Who can’t use the relay stays connected directly.`
        }
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" busy={busy} onClick={move}>
              {title}
            </Button>
          </>
        }
      >
        {problem && <InlineProblem message={problem} />}
      </Dialog>
    </>
  );
}
