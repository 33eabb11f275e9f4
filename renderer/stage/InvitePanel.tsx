import { Link2 } from 'lucide-react';
import { useId } from 'react';
import { selfModerates } from '../rooms/moderator-rights.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import styles from './InvitePanel.module.css';
import { InviteList } from './invitations/InviteList.tsx';
import { useInviteLink } from './use-invite-link.ts';

/** How others get in: the room's link, and for moderators every invitation. */
export function InvitePanel() {
  const { link, copy } = useInviteLink();
  const moderator = useStreamingState(selfModerates);
  const visibility = useStreamingState((state) => state.room?.visibility);
  const titleId = useId();
  if (link === undefined && !moderator) return null;
  return (
    <section className={styles.panel} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        Bring people in
      </h2>
      {link !== undefined && (
        <>
          <p className={styles.words}>
            {visibility === 'public'
              ? 'Anybody may come in. Guests need no account: the link opens in any browser.'
              : 'Whoever has this link can come in. It opens in any browser.'}
          </p>
          <p className={styles.link} title={link}>
            {link.replace(/^https?:\/\//, '')}
          </p>
          <Button wide icon={<Link2 size={18} aria-hidden="true" />} onClick={copy}>
            Copy link
          </Button>
        </>
      )}
      {moderator && <InviteList />}
    </section>
  );
}
