import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight, Copy, Plus, Unlink } from 'lucide-react';
import { toast } from 'sonner';
import type { Invite } from '../../../protocol/rooms.ts';
import { useShareLink } from '../../reach/use-share-link.ts';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { explain } from '../../ui/explain.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { useNow } from '../../ui/use-now.ts';
import { openRoomDialog } from '../room-dialog.ts';
import styles from './InviteList.module.css';
import { inviteLine, inviteName, inviteStateAt, isPast } from './invite-words.ts';

/** The room's invitations, for those who make them. */
export function InviteList() {
  const made = useStreamingState((state) => state.invites);
  const share = useShareLink();
  const invites = made.map((invite) => ({ ...invite, link: share(invite.link) }));
  const now = useNow(20_000);
  const current = invites.filter((invite) => !isPast(invite, now));
  const past = invites.filter((invite) => isPast(invite, now));
  return (
    <div className={styles.invites}>
      <ul className={styles.list} aria-label="Invitations">
        {current.map((invite) => (
          <InviteItem key={invite.inviteId} invite={invite} nowMs={now} />
        ))}
      </ul>
      <Button
        wide
        icon={<Plus size={18} aria-hidden="true" />}
        onClick={() => openRoomDialog({ kind: 'new-invite' })}
      >
        New invite
      </Button>
      {past.length > 0 && (
        <Collapsible.Root>
          <Collapsible.Trigger className={styles.past}>
            <ChevronRight size={14} aria-hidden="true" /> Past <span>{past.length}</span>
          </Collapsible.Trigger>
          <Collapsible.Panel>
            <ul className={styles.list} aria-label="Past invitations">
              {past.map((invite) => (
                <InviteItem key={invite.inviteId} invite={invite} nowMs={now} />
              ))}
            </ul>
          </Collapsible.Panel>
        </Collapsible.Root>
      )}
    </div>
  );
}

function InviteItem({ invite, nowMs }: { invite: Invite; nowMs: number }) {
  const name = inviteName(invite);
  const state = inviteStateAt(invite, nowMs);
  const past = isPast(invite, nowMs);

  async function copy() {
    try {
      await copyText(invite.link);
      toast(`The link for “${name}” is copied.`);
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  return (
    <li className={styles.invite} data-testid="invite" data-state={state}>
      <span className={styles.words}>
        <span className={styles.name}>{name}</span>
        <span className={styles.line}>{inviteLine(invite, nowMs)}</span>
      </span>
      {state === 'pending' && (
        <IconButton
          label={`Copy the link for ${name}`}
          size="small"
          variant="ghost"
          icon={<Copy size={16} />}
          onClick={copy}
        />
      )}
      {!past && (
        <IconButton
          label={`Take back ${name}`}
          size="small"
          variant="ghost"
          icon={<Unlink size={16} />}
          onClick={() => openRoomDialog({ kind: 'revoke-invite', invite })}
        />
      )}
    </li>
  );
}
