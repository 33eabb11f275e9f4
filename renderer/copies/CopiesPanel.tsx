import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { MAX_COPIES, type PlacementOverview, type VolunteerNode } from '../../protocol/replicas.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { AddNodeForm } from './AddNodeForm.tsx';
import styles from './CopiesPanel.module.css';
import { nodeWords } from './copies-words.ts';
import type { Copies } from './use-copies.ts';

/** How many copies, and on which nodes. */
export function CopiesPanel({ bridge, copies }: { bridge: Bridge; copies: Copies }) {
  const { overview, problem, set } = copies;
  if (!overview) {
    return problem === undefined ? (
      <Skeleton height="120px" radius="10px" />
    ) : (
      <InlineProblem message={problem} />
    );
  }
  const { nodes } = overview;
  return (
    <div className={styles.panel}>
      <WantedField bridge={bridge} wanted={overview.wanted} onChanged={set} />
      <section className={styles.nodes} aria-labelledby="copy-nodes">
        <h3 id="copy-nodes" className={styles.heading}>
          Nodes that may keep them
        </h3>
        {nodes.length === 0 ? (
          <p className={styles.none}>None yet: your recordings are on this computer alone.</p>
        ) : (
          <ul className={styles.list}>
            {nodes.map((node) => (
              <NodeRow key={node.origin} {...{ bridge, node }} onChanged={set} />
            ))}
          </ul>
        )}
        {nodes.length > 0 && nodes.length < overview.wanted && (
          <p className={styles.none}>
            There {nodes.length === 1 ? 'is one node' : `are ${nodes.length} nodes`}, so there can
            be no more copies than that.
          </p>
        )}
      </section>
      <AddNodeForm bridge={bridge} onAdded={set} />
    </div>
  );
}

interface Change {
  onChanged: (overview: PlacementOverview) => void;
}

function WantedField({ bridge, wanted, onChanged }: { bridge: Bridge; wanted: number } & Change) {
  const [text, setText] = useState(String(wanted));
  const [problem, setProblem] = useState<string>();
  const count = /^\d{1,2}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const isValid = count <= MAX_COPIES;

  async function save() {
    if (!isValid || count === wanted) return;
    try {
      onChanged(await bridge.call('copies.setWanted', { wanted: count }));
    } catch (error) {
      setProblem(explain(error).message);
    }
  }

  return (
    <TextField
      label="Copies of each recording"
      description="On as many nodes, where there are so many. 0 keeps all on this computer, and has other nodes delete theirs."
      inputMode="numeric"
      value={text}
      problem={isValid ? problem : `A number from 0 to ${MAX_COPIES}`}
      onChange={(event) => {
        setText(event.target.value);
        setProblem(undefined);
      }}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save();
      }}
    />
  );
}

function NodeRow({ bridge, node, onChanged }: { bridge: Bridge; node: VolunteerNode } & Change) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function remove() {
    setBusy(true);
    try {
      onChanged(await bridge.call('copies.removeNode', { origin: node.origin }));
    } catch (error) {
      setProblem(explain(error).message);
      setBusy(false);
    }
  }

  return (
    <li className={styles.node}>
      <div className={styles.words}>
        <p className={styles.name}>
          {node.name}
          {node.kind === 'home' && <span className={styles.home}>your home</span>}
        </p>
        <p className={styles.origin}>{node.origin}</p>
        <p className={styles.state}>{nodeWords(node)}</p>
        {problem && <InlineProblem message={problem} />}
      </div>
      {node.kind === 'added' && (
        <Button
          variant="ghost"
          square
          busy={busy}
          aria-label={`Keep no copies on ${node.name}`}
          title="Have its copies deleted, and keep none there"
          icon={<Trash2 size={16} aria-hidden="true" />}
          onClick={remove}
        />
      )}
    </li>
  );
}
