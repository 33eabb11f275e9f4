import { Link2, Radio } from 'lucide-react';
import { useState } from 'react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { GoLiveDialog } from './GoLiveDialog.tsx';
import { RelayButton } from './RelayButton.tsx';
import styles from './RoomTray.module.css';
import { RecordingControls } from './recording/RecordingControls.tsx';
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
          title="Copy invite link"
          onClick={copy}
        >
          <span className={styles.hideMedium}>Copy invite link</span>
        </Button>
      )}
      {host && <RelayButton />}
      {host && <RecordingControls />}
      {host && <GoLiveButton />}
    </div>
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
