import { Check, X } from 'lucide-react';
import { toast } from 'sonner';
import type { Knock } from '../../../protocol/rooms.ts';
import { useStreamingActions, useStreamingState } from '../../rooms/streaming-context.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { explain } from '../../ui/explain.ts';
import styles from './KnockCards.module.css';
import { useKnockAlert } from './use-knock-alert.ts';

/** Those who ask to be let in, wherever in the window a moderator is. */
export function KnockCards() {
  const knocks = useStreamingState((state) => state.knocks);
  const title = useStreamingState((state) => state.room?.title);
  useKnockAlert(knocks, title);
  return (
    // Always there, so that what comes into it is announced.
    <ul className={styles.knocks} aria-live="polite" aria-label="Asking to come in">
      {knocks.map((knock) => (
        <KnockCard key={knock.peerId} knock={knock} />
      ))}
    </ul>
  );
}

function KnockCard({ knock }: { knock: Knock }) {
  const { answerKnock } = useStreamingActions();
  const { peerId, displayName, handle, guest } = knock;

  function answer(decision: 'approve' | 'deny') {
    answerKnock(peerId, decision).catch((error: unknown) => toast.error(explain(error).message));
  }

  return (
    <li className={styles.knock} data-testid="knock">
      <Avatar name={displayName} size="small" />
      <span className={styles.words}>
        <strong>{displayName}</strong> {guest ? '(guest)' : `@${handle}`} asks to come in
      </span>
      <span className={styles.answers}>
        <Button
          size="small"
          icon={<X size={16} aria-hidden="true" />}
          aria-label={`Deny ${displayName}`}
          onClick={() => answer('deny')}
        >
          Deny
        </Button>
        <Button
          size="small"
          variant="primary"
          icon={<Check size={16} aria-hidden="true" />}
          aria-label={`Admit ${displayName}`}
          onClick={() => answer('approve')}
        >
          Admit
        </Button>
      </span>
    </li>
  );
}
