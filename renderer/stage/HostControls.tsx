import { Circle, Link2, Radio, Square } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { GoLiveDialog } from './GoLiveDialog.tsx';
import styles from './RoomTray.module.css';
import { useInviteLink } from './use-invite-link.ts';

/** What the host decides about the room; others find the invite link here, where there is one. */
export function HostControls() {
  const host = useStreamingState((state) => state.self?.role === 'host');
  const { link, copy } = useInviteLink();
  return (
    <div className={styles.group}>
      {link !== undefined && (
        <Button
          icon={<Link2 size={18} aria-hidden="true" />}
          aria-label="Copy invite link"
          onClick={copy}
        >
          <span className={styles.hideNarrow}>Copy invite link</span>
        </Button>
      )}
      {host && <RecordButton />}
      {host && <GoLiveButton />}
    </div>
  );
}

function RecordButton() {
  const { features } = useStudio();
  const { setRecording } = useStreamingActions();
  const recording = useStreamingState((state) => state.room?.recording ?? 'off');
  const [asking, setAsking] = useState(false);
  const on = recording === 'recording' || recording === 'stopping';
  const changing = recording === 'starting' || recording === 'stopping';
  const { recording: offer } = features;

  async function toggle() {
    setAsking(true);
    try {
      await setRecording(!on);
    } catch (error) {
      toast.error(explain(error).message);
    } finally {
      setAsking(false);
    }
  }

  return (
    <Button
      busy={asking || changing}
      disabled={!offer.offered}
      title={offer.offered ? undefined : offer.why}
      icon={
        on ? (
          <Square size={16} fill="currentColor" aria-hidden="true" />
        ) : (
          <Circle size={16} className={styles.record} fill="currentColor" aria-hidden="true" />
        )
      }
      onClick={toggle}
    >
      <span className={styles.hideNarrow}>{on ? 'Stop recording' : 'Start recording'}</span>
    </Button>
  );
}

function GoLiveButton() {
  const room = useStreamingState((state) => state.room);
  const [asking, setAsking] = useState(false);
  if (room?.broadcast !== 'backstage') return null;
  return (
    <>
      <Button
        variant="live"
        icon={<Radio size={18} aria-hidden="true" />}
        onClick={() => setAsking(true)}
      >
        Go live
      </Button>
      <GoLiveDialog open={asking} onOpenChange={setAsking} room={room} />
    </>
  );
}
