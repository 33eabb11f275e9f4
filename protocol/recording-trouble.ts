import { z } from 'zod';
import { Timestamp } from './encoding.ts';

/** What can be amiss with a recording that runs, the gravest first. */
export const RecordingTroubleCode = z.enum([
  /** The folder is gone, read-only, or its disk reports errors. */
  'storage-unwritable',
  'storage-full',
  /** The recorder broke and begins anew. */
  'recorder-restarting',
  /** Nothing has come from the host's window for a while. */
  'recorder-silent',
  /** A slice has been waiting for the disk for a while. */
  'storage-slow',
  /** The replay is made again from the journal. */
  'packaging-restarting',
  /** Space for minutes is left. */
  'storage-low',
]);
export type RecordingTroubleCode = z.infer<typeof RecordingTroubleCode>;

export const RecordingTrouble = z.object({
  code: RecordingTroubleCode,
  /** What is amiss and what is being done about it, for everybody in the room. */
  message: z.string().max(300),
  since: Timestamp,
});
/** What is amiss with a room's recording while it goes on. */
export type RecordingTrouble = z.infer<typeof RecordingTrouble>;
