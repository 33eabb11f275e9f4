import { CalendarPlus, Download, Pin, PinOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import {
  DEFAULT_RETENTION_DAYS,
  type RecordingStatus,
  type UpdateRecordingRequest,
} from '../../protocol/recordings.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { explain } from '../ui/explain.ts';
import { dateOf } from '../ui/relative-time.ts';
import styles from './ReplayPage.module.css';
import { keptLonger } from './retention.ts';

export interface ReplayHostControlsProps {
  roomId: string;
  status: RecordingStatus;
  onChanged: (status: RecordingStatus) => void;
}

/** How long the host keeps the replay, and whether others may keep it too. */
export function ReplayHostControls({ roomId, status, onChanged }: ReplayHostControlsProps) {
  const { api } = useStudio();
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);

  async function update(change: UpdateRecordingRequest, words: (s: RecordingStatus) => string) {
    setBusy(true);
    try {
      const changed = await api.updateRecording(roomId, status.recordingId, change);
      onChanged(changed);
      toast(words(changed));
    } catch (error) {
      toast.error(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  const keepLonger = () =>
    update(
      { retainUntil: keptLonger(status.retainUntil, Date.now()) },
      (changed) => `Kept until ${dateOf(Date.parse(changed.retainUntil), Date.now())}.`,
    );
  const togglePin = () =>
    update({ pinned: !status.pinned }, (changed) =>
      changed.pinned ? 'Kept until you delete it.' : 'Its date counts again.',
    );

  const toggleDownloads = () =>
    update({ downloadable: !status.downloadable }, (changed) =>
      changed.downloadable
        ? 'Whoever may watch it can download it now.'
        : 'It can’t be downloaded any more.',
    );

  async function remove() {
    await api.deleteRecording(roomId, status.recordingId);
    onChanged({ ...status, state: 'expired' });
    toast('The replay is deleted.');
  }

  return (
    <div className={styles.actions}>
      {!status.pinned && (
        <Button disabled={busy} icon={<CalendarPlus size={18} />} onClick={keepLonger}>
          Keep {DEFAULT_RETENTION_DAYS} days more
        </Button>
      )}
      <Button
        disabled={busy}
        icon={status.pinned ? <PinOff size={18} /> : <Pin size={18} />}
        onClick={togglePin}
      >
        {status.pinned ? 'Don’t keep for good' : 'Keep for good'}
      </Button>
      <Button disabled={busy} icon={<Download size={18} />} onClick={toggleDownloads}>
        {status.downloadable ? 'Don’t allow downloads' : 'Allow downloads'}
      </Button>
      <Button disabled={busy} icon={<Trash2 size={18} />} onClick={() => setDeleting(true)}>
        Delete replay
      </Button>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this replay?"
        description="The recording is removed from your disk for good. Its post stays and says so."
        confirm="Delete replay"
        cancel="Keep it"
        onConfirm={remove}
      />
    </div>
  );
}
