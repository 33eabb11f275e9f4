import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { ProtocolError } from '../../../protocol/errors.ts';
import { openBytes, sealBytes } from '../../storage/sealed-bytes.ts';

/** The keys of one recording, all derived from one 32-byte secret (HKDF, RFC 5869). */
export interface RecordingKeys {
  /** AES-256-GCM, for the journal. Never leaves this machine. */
  journal: KeyObject;
  /** The same for the journal of one separate track: nonces may repeat from file to file. */
  track(trackId: string): KeyObject;
  /** AES-128, 16 bytes: what HLS players fetch. The audience gets it. */
  segment: Buffer;
  /** The IV of a segment. CBC wants one that can't be foretold (NIST SP 800-38A, appendix C). */
  segmentIv(uri: string): Buffer;
}

/** A new recording's secret. */
export function newRecordingSecret(): Buffer {
  return randomBytes(32);
}

/** Derives a recording's keys from its secret. */
export function deriveKeys(secret: Uint8Array): RecordingKeys {
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `swarm-recording:v1:${purpose}`, bytes));
  const ivKey = derive('segment-iv', 32);
  return {
    journal: createSecretKey(derive('journal', 32)),
    track: (trackId) => createSecretKey(derive(`track:${trackId}`, 32)),
    segment: derive('segment', 16),
    segmentIv: (uri) => createHmac('sha256', ivKey).update(uri).digest().subarray(0, 16),
  };
}

/**
 * Wraps a recording's secret with the studio's master key (AES-256-GCM; nonce, ciphertext, tag).
 * It can be unwrapped for the same `recordingId` only.
 */
export function wrapSecret(master: Uint8Array, recordingId: string, secret: Uint8Array): Buffer {
  return sealBytes(master, recordingId, secret);
}

/** Undoes {@link wrapSecret}. Throws `recording-damaged` for another key or another recording. */
export function unwrapSecret(master: Uint8Array, recordingId: string, wrapped: Uint8Array): Buffer {
  try {
    return openBytes(master, recordingId, wrapped);
  } catch (cause) {
    throw Object.assign(
      new ProtocolError(
        'recording-damaged',
        'This recording was locked with another key. Restore the "secrets" folder (or key ring entry) that belongs to this data folder, then start the studio again.',
      ),
      { cause },
    );
  }
}
