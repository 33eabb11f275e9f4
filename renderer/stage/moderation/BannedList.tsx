import { useId } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { bannedMembers } from '../../rooms/moderator-bans.ts';
import { selfModerates } from '../../rooms/moderator-rights.ts';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { useNow } from '../../ui/use-now.ts';
import styles from '../Roster.module.css';
import { untilWords } from './moderation-words.ts';
import { useModerate } from './use-moderate.ts';

/** Who may not come back, for those who can change that. Nothing while there is nobody. */
export function BannedList() {
  const moderate = useModerate();
  const now = useNow(10_000);
  const titleId = useId();
  const moderator = useStreamingState(selfModerates);
  const known = useStreamingState(
    useShallow(({ moderation, acts, names, invites }) => ({ moderation, acts, names, invites })),
  );
  const banned = moderator ? bannedMembers(known, now) : [];
  if (banned.length === 0) return null;
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        Banned
      </h2>
      <ul className={styles.roster}>
        {banned.map((member) => (
          <li key={member.userId} className={styles.person} data-testid="banned">
            <Avatar name={member.name ?? '?'} size="small" />
            <span className={styles.words}>
              <span className={styles.name}>{member.name ?? 'Somebody from before'}</span>
              <span className={styles.role}>
                {member.until === undefined
                  ? 'As long as this room exists'
                  : `Until ${untilWords(member.until, now)}`}
                {member.reason && `: ${member.reason}`}
              </span>
            </span>
            <Button
              size="small"
              onClick={() => moderate({ peerId: member.peerId, action: 'unban' })}
            >
              Lift ban
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
