import { Unplug } from 'lucide-react';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { Button } from '../../ui/Button.tsx';
import styles from '../moderation/HeldNotice.module.css';
import { openRoomDialog } from '../room-dialog.ts';
import { lostDeviceWords } from './lost-device-words.ts';

/** Says that one's own camera or microphone is gone, and where to choose another. */
export function LostDeviceNotice() {
  const lost = useStreamingState((state) => state.self?.lost);
  const recorded = useStreamingState((state) => state.room?.recording === 'recording');
  const words = lostDeviceWords(lost, recorded);
  return (
    <div className={styles.notices} role="status">
      {words !== undefined && (
        <p className={styles.notice} data-testid="lost-device">
          <Unplug size={16} aria-hidden="true" /> <span>{words}</span>
          <Button size="small" onClick={() => openRoomDialog({ kind: 'devices' })}>
            Choose another
          </Button>
        </p>
      )}
    </div>
  );
}
