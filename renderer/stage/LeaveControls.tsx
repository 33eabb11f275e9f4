import { useNavigate } from '@tanstack/react-router';
import { LogOut, PowerOff } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from './RoomTray.module.css';

/** The ways out: for oneself, and for the host for everybody. */
export function LeaveControls({ onStage }: { onStage: boolean }) {
  const { member } = useStudio();
  const { leave, end } = useStreamingActions();
  const navigate = useNavigate();
  const room = useStreamingState((state) => state.room);
  const host = useStreamingState((state) => state.self?.role === 'host');
  const recording = room?.recording !== undefined && room.recording !== 'off';
  const recorded = recording || room?.recordingId !== undefined;
  const [asking, setAsking] = useState<'leave' | 'end'>();
  const [leaving, setLeaving] = useState(false);

  async function leaveNow() {
    await leave();
    if (onStage && member) await navigate({ to: '/' });
  }

  async function onLeave() {
    if (host && recording) {
      setAsking('leave');
      return;
    }
    setLeaving(true);
    try {
      await leaveNow();
    } catch (error) {
      setLeaving(false);
      toast.error(explain(error).message);
    }
  }

  async function endNow() {
    await end();
    if (!onStage || !room) return;
    await (room.projectId === undefined
      ? navigate({ to: '/' })
      : navigate({ to: '/p/$projectId', params: { projectId: room.projectId } }));
  }

  const close = (open: boolean) => !open && setAsking(undefined);
  return (
    <div className={styles.end}>
      <Button
        busy={leaving}
        icon={<LogOut size={18} aria-hidden="true" />}
        aria-label="Leave room"
        title="Leave room"
        onClick={onLeave}
      >
        <span className={host ? styles.hideMedium : undefined}>Leave room</span>
      </Button>
      {host && (
        <Button
          variant="inverse"
          icon={<PowerOff size={18} aria-hidden="true" />}
          onClick={() => setAsking('end')}
        >
          End room
        </Button>
      )}
      <ConfirmDialog
        open={asking === 'leave'}
        onOpenChange={close}
        title="Leave while the room is recorded?"
        description="The recording stops and is finished when you leave. The others stay in the room."
        confirm="Stop recording and leave"
        cancel="Stay"
        onConfirm={leaveNow}
      />
      <ConfirmDialog
        open={asking === 'end'}
        onOpenChange={close}
        title="End this room?"
        description={
          recorded
            ? 'Everybody is disconnected. What was recorded will be a replay in your feed.'
            : 'Everybody is disconnected. This room was not recorded, so there will be no replay.'
        }
        confirm="End room for everyone"
        cancel="Stay"
        onConfirm={endNow}
      />
    </div>
  );
}
