import { z } from 'zod';

/** Most that one upload probe may send: 1 MiB takes 4 s at 2 Mbit/s, and nobody waits longer. */
export const MAX_UPLOAD_PROBE_BYTES = 1024 * 1024;

/** What `POST /api/diagnostics/upload-probe` answers. */
export const UploadProbeResult = z.object({ receivedBytes: z.int().nonnegative() });
export type UploadProbeResult = z.infer<typeof UploadProbeResult>;
