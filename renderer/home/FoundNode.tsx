import type { ReactNode } from 'react';
import type { NodeFound } from '../../protocol/home.ts';
import { Fingerprint } from '../reach/Fingerprint.tsx';
import { Button } from '../ui/Button.tsx';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import styles from './HomeDialog.module.css';

export interface FoundNodeProps {
  found: NodeFound;
  problem: string | undefined;
  blocked?: boolean;
  busy: boolean;
  /** What going on is called, after “It is the right one, …” where that has to be said first. */
  action: string;
  onUse: () => void;
  /** What it means. */
  children: ReactNode;
}

/** What is at an address, with its certificate to be compared where nobody vouches for it. */
export function FoundNode(props: FoundNodeProps) {
  const { found, problem, blocked = false, busy, action, onUse, children } = props;
  const { name, origin, version, certificate } = found;
  const unknown = certificate?.standing === 'unknown';
  return (
    <section className={styles.found} aria-label="The node that was found">
      <p className={styles.place}>
        <span className={styles.name}>{name}</span>
        <span className={styles.origin}>
          {origin}, Swarm Studio {version}
        </span>
      </p>
      {unknown && (
        <>
          <p className={styles.words}>
            This node made its certificate itself. To be sure that nobody stands in between, compare
            the fingerprint with the one that whoever runs the node sees.
          </p>
          <Fingerprint value={certificate.fingerprint} />
        </>
      )}
      {certificate?.standing === 'invited' && (
        <p className={styles.words}>Its certificate is the one that the invitation names.</p>
      )}
      <p className={styles.words}>{children}</p>
      {problem && <InlineProblem message={problem} />}
      <div className={styles.actions}>
        <Button variant="primary" busy={busy} disabled={blocked} onClick={onUse}>
          {unknown ? `It is the right one, ${action[0]?.toLowerCase()}${action.slice(1)}` : action}
        </Button>
      </div>
    </section>
  );
}
