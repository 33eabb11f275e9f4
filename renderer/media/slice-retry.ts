import { ProtocolError } from '../../protocol/errors.ts';

/** Between two tries to write a slice that the disk refused. */
const RETRY_MS = 500;

/** When the disk may take the same slice, in ms; `undefined` where it never will. */
export function retryAfterMs(error: unknown): number | undefined {
  const codes = ['storage-full', 'storage-unwritable', 'rate-limited'];
  return error instanceof ProtocolError && codes.includes(error.code) ? RETRY_MS : undefined;
}
