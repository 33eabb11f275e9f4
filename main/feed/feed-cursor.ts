import { ProtocolError } from '../../protocol/errors.ts';

/** An opaque mark after the post with this sequence number. */
export function encodeCursor(seq: number): string {
  return Buffer.from(`after:${seq}`, 'utf8').toString('base64url');
}

/** Throws `validation-failed` for anything that is no cursor of ours. */
export function decodeCursor(cursor: string): number {
  const match = /^after:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (match?.[1]) return Number(match[1]);
  throw new ProtocolError('validation-failed', 'This page mark is not valid. Start from the top.', [
    { path: 'cursor', message: 'must be the nextCursor of an earlier page' },
  ]);
}
