import { Shield } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { useNow } from '../../ui/use-now.ts';
import styles from './HeldNotice.module.css';
import { heldWords, liftedWords } from './moderation-words.ts';

const KINDS = ['audio', 'video'] as const;

/** Longer than other news: it is about being heard. */
const LIFTED_SHOWN_MS = 10_000;

/** Says what a moderator keeps off of one's own, and when that is over. */
export function HeldNotice() {
  const held = useStreamingState((state) => state.self?.held);
  useLiftedNotice();
  const now = useNow(60_000);
  return (
    <div className={styles.notices} role="status">
      {KINDS.map((kind) => {
        const byModerator = held?.[kind];
        return (
          byModerator && (
            <p key={kind} className={styles.notice}>
              <Shield size={16} aria-hidden="true" /> {heldWords(kind, byModerator, now)}
            </p>
          )
        );
      })}
    </div>
  );
}

/** A microphone that is live again must not go unnoticed. */
function useLiftedNotice() {
  const held = useStreamingState((state) => state.self?.held);
  const muted = useStreamingState((state) => state.self?.muted);
  const former = useRef(held);
  useEffect(() => {
    for (const kind of KINDS) {
      if (!former.current?.[kind] || held?.[kind] || !muted) continue;
      toast.dismiss(`held-${kind}`);
      toast(liftedWords(kind, muted[kind]), { id: `lifted-${kind}`, duration: LIFTED_SHOWN_MS });
    }
    former.current = held;
  }, [held, muted]);
}
