import canonicalize from 'canonicalize';
import {
  initStatement,
  LiveManifest,
  type SignedFor,
  segmentStatement,
} from '../../../protocol/live-manifest.ts';
import { Manifest } from '../../../protocol/recordings.ts';
import { isSigned, userIdOfKey } from '../../identity/verify-signature.ts';
import { type ExpectedRecording, refused } from './signed-files.ts';

/**
 * Reads a manifest that may come from anywhere. Throws `recording-damaged` when it is none, was
 * changed, is of another recording, or is signed by anybody but the host.
 */
export async function verifyManifest(
  input: unknown,
  expected: ExpectedRecording,
): Promise<Manifest> {
  const parsed = Manifest.safeParse(input);
  if (!parsed.success) throw malformed(parsed.error.issues[0]?.path);
  const manifest = parsed.data;
  const { signature, ...payload } = manifest;
  await requireHost(manifest, expected);
  if (!(await isSigned(`${canonicalize(payload)}`, signature, manifest.host.publicKey))) {
    throw refused('its signature does not match its contents');
  }
  return manifest;
}

/**
 * The same of a page of the live manifest, in which every file is signed by itself: one that was
 * changed, or stands at another's place, refuses the page.
 */
export async function verifyLiveManifest(
  input: unknown,
  expected: ExpectedRecording,
): Promise<LiveManifest> {
  const parsed = LiveManifest.safeParse(input);
  if (!parsed.success) throw malformed(parsed.error.issues[0]?.path);
  const manifest = parsed.data;
  await requireHost(manifest, expected);
  const { init, segments, from, host } = manifest;
  const recording: SignedFor = manifest;
  const requireSigned = async (statement: string, { uri, signature }: SignedLive) => {
    if (await isSigned(statement, signature, host.publicKey)) return;
    throw refused(`the signature of ${uri} does not match it`);
  };
  await requireSigned(initStatement(recording, init), init);
  for (const [offset, segment] of segments.entries()) {
    await requireSigned(segmentStatement(recording, from + offset, segment), segment);
  }
  return manifest;
}

type SignedLive = Pick<LiveManifest['init'], 'uri' | 'signature'>;

async function requireHost(
  manifest: Pick<Manifest, 'recordingId' | 'roomId' | 'host'>,
  expected: ExpectedRecording,
): Promise<void> {
  if (manifest.recordingId !== expected.recordingId) throw refused('it is of another recording');
  if (manifest.roomId !== expected.roomId) throw refused('it is of another room');
  const signer = await userIdOfKey(manifest.host.publicKey);
  if (signer !== expected.hostUserId || manifest.host.userId !== signer) {
    throw refused('somebody else than the host signed it');
  }
}

function malformed(path: readonly PropertyKey[] | undefined) {
  return refused(`it is malformed at ${path?.join('.') || 'the document'}`);
}
