import { AppWindow, Power } from 'lucide-react';
import type { BridgeEnd } from '../bridge/bridge.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './FullScreen.module.css';

/** Why this window has no studio any more, and where it goes on. */
export function StudioEnded({ end }: { end: BridgeEnd }) {
  return (
    <main className={styles.screen}>
      {end === 'stopped' ? (
        <Notice icon={<Power />} title="The studio has stopped" page alert>
          <p>
            Whatever was being recorded is kept: if it is not in the feed yet, the next start
            finishes it. Start the studio again with <code>npm start</code>, then open the address
            it prints.
          </p>
        </Notice>
      ) : (
        <Notice icon={<AppWindow />} title="The studio goes on in another window" page alert>
          <p>
            It was started again, and this window does not belong to the new start. You can close
            it. If the studio opened no other window, open the address that <code>npm start</code>{' '}
            printed.
          </p>
        </Notice>
      )}
    </main>
  );
}
