import type { RecordingTrouble } from '../../protocol/recording-trouble.ts';
import type { RecordingStatus } from '../../protocol/recordings.ts';

/** What a recording service tells its listeners. */
export interface RecordingEvents {
  /** A recording's state, retention or sentence changed. */
  changed: [roomId: string, status: RecordingStatus];
  /** A slice reached the disk. `durationMs` goes from the first slice to this one. */
  progress: [progress: { recordingId: string; writtenBytes: number; durationMs: number }];
  /** The first slice reached the disk: from now on something would survive. */
  firstSlice: [recordingId: string, roomId: string];
  /** The host paused a recording or lets it go on. */
  paused: [roomId: string, paused: boolean];
  /** What is amiss with a recording that runs; `undefined` when nothing is any more. */
  trouble: [roomId: string, trouble: RecordingTrouble | undefined];
  /** A recording is to be stopped by its window while it still can. */
  mustEnd: [roomId: string];
}
