import { Link2 } from 'lucide-react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import styles from './InvitePanel.module.css';
import { useInviteLink } from './use-invite-link.ts';

/** How others get in. */
export function InvitePanel() {
  const { link, copy } = useInviteLink();
  const visibility = useStreamingState((state) => state.room?.visibility);
  if (link === undefined) return null;
  return (
    <section className={styles.panel} aria-labelledby="invite-panel">
      <h2 id="invite-panel" className={styles.title}>
        Bring people in
      </h2>
      <p className={styles.words}>
        {visibility === 'public'
          ? 'Anybody may come in. Guests need no account: the link opens in any browser.'
          : 'Only people with this link can come in. It opens in any browser.'}
      </p>
      <p className={styles.link} title={link}>
        {link.replace(/^https?:\/\//, '')}
      </p>
      <Button wide icon={<Link2 size={18} aria-hidden="true" />} onClick={copy}>
        Copy link
      </Button>
    </section>
  );
}
