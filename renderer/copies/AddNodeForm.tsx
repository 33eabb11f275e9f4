import { useState } from 'react';
import type { NodeFound } from '../../protocol/home.ts';
import type { PlacementOverview } from '../../protocol/replicas.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { FoundNode } from '../home/FoundNode.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { TextField } from '../ui/TextField.tsx';
import styles from './CopiesPanel.module.css';

export interface AddNodeFormProps {
  bridge: Bridge;
  onAdded: (overview: PlacementOverview) => void;
}

/** Looks at a node by its address, and then has it keep copies. */
export function AddNodeForm({ bridge, onAdded }: AddNodeFormProps) {
  const [address, setAddress] = useState('');
  const [found, setFound] = useState<NodeFound>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function run(work: () => Promise<void>) {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  const look = () => run(async () => setFound(await bridge.call('home.look', { address })));
  const add = () =>
    run(async () => {
      // What the person saw and went on from is what they confirmed.
      const fingerprint = found?.certificate?.fingerprint;
      onAdded(
        await bridge.call('copies.addNode', { address, ...(fingerprint && { fingerprint }) }),
      );
      setAddress('');
      setFound(undefined);
    });

  return (
    <>
      <form
        className={styles.add}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <TextField
          label="Another node"
          description="Its address, or the link of an invitation to enrol: nodes keep copies for their members."
          value={address}
          problem={found ? undefined : problem}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setAddress(event.target.value);
            setFound(undefined);
            setProblem(undefined);
          }}
        />
        {!found && (
          <Button type="submit" busy={busy} disabled={address.trim() === ''}>
            Check
          </Button>
        )}
      </form>
      {found && (
        <FoundNode
          {...{ found, problem, busy }}
          action="Keep copies there"
          onUse={() => void add()}
        >
          It gets your recordings encrypted. Of those that are for everybody it can read what
          everybody can.
        </FoundNode>
      )}
    </>
  );
}
