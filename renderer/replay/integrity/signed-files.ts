import { ProtocolError } from '../../../protocol/errors.ts';

/** What the host signed for one file of a recording. */
export interface SignedFile {
  /** Lower-case hex. */
  sha256: string;
  sizeBytes: number;
}

/** Where a player learns what a file must be. */
export interface SignedFiles {
  /**
   * What the host signed for this file, e.g. `segment-000012.m4s`. May ask the node for a list that
   * is still growing. Rejects with `recording-damaged` where that list is refused or does not name
   * it, and with the node's own refusal where it can't be had.
   */
  signedFile(name: string, signal: AbortSignal): Promise<SignedFile>;
  /**
   * The same as far as it is known by now. It may change once: a recording that broke off is made
   * again.
   */
  known(name: string): SignedFile | undefined;
}

/** Whose recording it has to be. */
export interface ExpectedRecording {
  recordingId: string;
  roomId: string;
  /** As the post or the room names its host: the hash of the key that everything is signed with. */
  hostUserId: string;
}

/** Whether these are the bytes that the host signed. */
export async function isGenuine(
  bytes: Uint8Array<ArrayBuffer>,
  file: SignedFile,
): Promise<boolean> {
  if (bytes.length !== file.sizeBytes) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return hexOf(digest) === file.sha256;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The host's list can't be believed. */
export function refused(reason: string): ProtocolError {
  return new ProtocolError(
    'recording-damaged',
    `The list of what this recording consists of is refused: ${reason}. Nothing of it is played.`,
  );
}
