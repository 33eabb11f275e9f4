import { ProtocolError } from '../../../protocol/errors.ts';
import {
  MAX_LEASE_DAYS,
  MAX_OBJECT_BYTES,
  type ReplicaDeposit,
  type ReplicaTerms,
} from '../../../protocol/replicas.ts';
import { userIdOfKey } from '../../identity/ed25519.ts';
import { isSignedByHost, requireConsistent } from '../../recording/manifest/manifest.ts';
import { INIT_URI } from '../../recording/packaging/playlist.ts';
import { isSegment } from '../../recording/packaging/segment-store.ts';
import { areTermsOf } from '../replica-terms.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Terms may be of a host whose clock is ahead by this. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const IV_BYTES = 16;

/**
 * Checks what a host brings before anything of it is kept. Throws `manifest-invalid`,
 * `terms-invalid`, and `forbidden` for somebody else's recording.
 */
export function acceptDeposit(
  { manifest, terms, ivs }: ReplicaDeposit,
  callerUserId: string,
  nowMs: number,
): void {
  const { host, init, segments, encryption } = manifest;
  if (host.userId !== callerUserId) {
    throw new ProtocolError('forbidden', 'Only its host can have a recording kept elsewhere.');
  }
  if (userIdOfKey(host.publicKey) !== host.userId) throw badManifest('its key is not its host’s');
  if (!isSignedByHost(manifest)) throw badManifest('its signature does not match its contents');
  requireConsistent(manifest, badManifest);
  if (init.uri !== INIT_URI || !segments.every(({ uri }) => isSegment(uri))) {
    throw badManifest('it names other files than a replay has');
  }
  if (new Set(segments.map(({ uri }) => uri)).size !== segments.length) {
    throw badManifest('it names a file twice');
  }
  if ([init, ...segments].some(({ sizeBytes }) => sizeBytes > MAX_OBJECT_BYTES)) {
    throw badManifest(`a file of it has more than ${MAX_OBJECT_BYTES} bytes`);
  }
  const ivBytes = Buffer.from(ivs, 'base64url').length;
  if (ivBytes !== (encryption === 'none' ? 0 : segments.length * IV_BYTES)) {
    throw badManifest('there is not one IV for each segment');
  }
  if (encryption === 'none' && terms.visibility !== 'public') {
    throw new ProtocolError(
      'terms-invalid',
      'What is not for everybody is only kept elsewhere where it is encrypted.',
    );
  }
  acceptTerms(terms, { recordingId: manifest.recordingId, publicKey: host.publicKey }, nowMs);
}

/** Checks terms of a recording. Throws `terms-invalid`. */
export function acceptTerms(
  terms: ReplicaTerms,
  { recordingId, publicKey }: { recordingId: string; publicKey: string },
  nowMs: number,
): void {
  if (terms.recordingId !== recordingId) throw badTerms('they are of another recording');
  if (!areTermsOf(publicKey, terms)) throw badTerms('the recording’s host did not sign them');
  if (Date.parse(terms.issuedAt) > nowMs + CLOCK_TOLERANCE_MS) {
    throw badTerms('they are of a time to come: check this computer’s clock and the host’s');
  }
  const { keepUntil } = terms;
  if (keepUntil === null) return;
  if (Date.parse(keepUntil) > nowMs + MAX_LEASE_DAYS * DAY_MS) {
    throw badTerms(`a copy is kept for ${MAX_LEASE_DAYS} days at most; renew them in time`);
  }
}

function badManifest(reason: string): ProtocolError {
  return new ProtocolError('manifest-invalid', `This manifest is refused: ${reason}.`);
}

function badTerms(reason: string): ProtocolError {
  return new ProtocolError('terms-invalid', `These terms are refused: ${reason}.`);
}
