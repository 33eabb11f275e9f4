import { CircleAlert, Clock3, Pause } from 'lucide-react';
import { DEFAULT_RETENTION_DAYS } from '../../../protocol/recordings.ts';
import type { Room } from '../../../protocol/rooms.ts';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { clockDuration } from '../../ui/duration.ts';
import { useNow } from '../../ui/use-now.ts';
import { recordedMs, recordingTroubleWords } from './recording-words.ts';

/** Whether the room is recorded, for everybody in it. */
export function RecordingChip() {
  const room = useStreamingState((state) => state.room);
  const problem = useStreamingState(
    (state) => state.recorder.problem ?? state.room?.recordingError,
  );
  switch (room?.recording) {
    case 'starting':
      return <Chip tone="live-soft">REC starting</Chip>;
    case 'recording':
      return (
        <>
          <RunningChip room={room} />
          <Chip icon={<Clock3 />} title="Its host can keep it longer or delete it">
            Kept {DEFAULT_RETENTION_DAYS} days
          </Chip>
        </>
      );
    case 'stopping':
      return <Chip tone="live-soft">REC finishing</Chip>;
    case 'failed':
      return (
        <Chip tone="warn" icon={<CircleAlert />} {...(problem && { title: problem })}>
          Recording failed
        </Chip>
      );
    default:
      return null;
  }
}

function RunningChip({ room }: { room: Room }) {
  const trouble = useStreamingState(recordingTroubleWords);
  if (room.recordingPausedAt !== undefined) {
    return (
      <Chip icon={<Pause />} title="Nothing of what happens now is recorded">
        Recording paused
        <RunningTime room={room} />
      </Chip>
    );
  }
  if (trouble !== undefined) {
    return (
      <Chip tone="warn" icon={<CircleAlert />} title={trouble}>
        REC
        <RunningTime room={room} />
      </Chip>
    );
  }
  return (
    <Chip tone="live-soft" pulsing>
      REC
      <RunningTime room={room} />
    </Chip>
  );
}

function RunningTime({ room }: { room: Room }) {
  const ms = recordedMs(room, useNow(500));
  return ms === undefined ? null : <> {clockDuration(ms)}</>;
}
