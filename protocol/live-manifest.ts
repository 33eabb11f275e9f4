import canonicalize from 'canonicalize';
import { z } from 'zod';
import { PublicKey, Signature } from './encoding.ts';
import { UserId } from './identity.ts';
import { ManifestFile, ManifestSegment, RecordingId } from './recordings.ts';
import { RoomId } from './rooms.ts';

/** Most segments of one answer; more are asked for with `from`. */
export const LIVE_MANIFEST_PAGE = 200;

const SignedFile = ManifestFile.extend({ signature: Signature });
const SignedSegment = ManifestSegment.extend({ signature: Signature });

export const LiveManifest = z.object({
  version: z.literal(1),
  recordingId: RecordingId,
  roomId: RoomId,
  host: z.object({ userId: UserId, publicKey: PublicKey }),
  encryption: z.enum(['none', 'AES-128']),
  init: SignedFile,
  /** Place of the first of `segments` in the recording, counted from 0. */
  from: z.int().nonnegative(),
  segments: z.array(SignedSegment).max(LIVE_MANIFEST_PAGE),
});
/**
 * What the host has signed by now of a recording that is still being made, a page at a time. Each
 * file has a signature of its own, so the work of signing does not grow with the recording, and a
 * viewer who comes late checks what they play and nothing else.
 */
export type LiveManifest = z.infer<typeof LiveManifest>;

/** Which recording a file is signed for. */
export interface SignedFor {
  recordingId: string;
  roomId: string;
  encryption: LiveManifest['encryption'];
}

/**
 * What the host signs (Ed25519) of the init segment: `swarm-init:v1`, a line feed, and the fields in
 * canonical form (RFC 8785), as UTF-8.
 */
export function initStatement(recording: SignedFor, file: ManifestFile): string {
  return statement('swarm-init:v1', recording, file);
}

/** The same, as `swarm-segment:v1`, of the media segment at a place counted from 0. */
export function segmentStatement(
  recording: SignedFor,
  index: number,
  segment: ManifestSegment,
): string {
  const { durationMs } = segment;
  return statement('swarm-segment:v1', recording, segment, { index, durationMs });
}

/** Names each field, so that nothing else of what is handed in comes under the signature. */
function statement(
  type: string,
  { recordingId, roomId, encryption }: SignedFor,
  { uri, sha256, sizeBytes }: ManifestFile,
  place: { index?: number; durationMs?: number } = {},
): string {
  const fields = { recordingId, roomId, encryption, uri, sha256, sizeBytes, ...place };
  return `${type}\n${canonicalize(fields)}`;
}
