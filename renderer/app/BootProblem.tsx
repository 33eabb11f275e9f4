import { KeyRound, Unplug } from 'lucide-react';
import { Button } from '../ui/Button.tsx';
import type { Explanation } from '../ui/explain.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './FullScreen.module.css';
import { useReady } from './use-ready.ts';

/** Why the window could not start, and what to do. */
export function BootProblem({ problem, onRetry }: { problem: Explanation; onRetry: () => void }) {
  useReady();
  if (problem.code === 'bridge-refused') {
    return (
      <main className={styles.screen}>
        <Notice
          icon={<KeyRound />}
          title="This page needs the address printed in the terminal"
          page
        >
          <p>
            The studio opens only for the window that knows the key of this start. Copy the address
            that <code>npm start</code> printed and open it here. After a restart the studio has a
            new address.
          </p>
        </Notice>
      </main>
    );
  }
  return (
    <main className={styles.screen}>
      <Notice
        icon={<Unplug />}
        title="The studio could not be reached"
        actions={
          <Button variant="primary" onClick={onRetry}>
            Try again
          </Button>
        }
        page
        alert
      >
        {problem.message}
      </Notice>
    </main>
  );
}
