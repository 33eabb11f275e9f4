import { createHash } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromBase64Url, toBase64Url } from '../../protocol/encoding.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { grantInfoText, grantTagText } from '../../protocol/replicas.ts';

/** An X25519 public key (RFC 7748), which HPKE puts before what it sealed. */
const ENCAPSULATED_BYTES = 32;

/** RFC 9180, base mode: anybody can seal, only the recipient's key opens. */
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** Under which name a grant is found: by who knows both the recording and the member. */
export function grantTag(recordingId: string, userId: string): string {
  const digest = createHash('sha256').update(grantTagText(recordingId, userId)).digest();
  return digest.subarray(0, 16).toString('base64url');
}

/**
 * Seals a recording's segment key for a member: their Ed25519 identity key stands for the X25519
 * key that belongs to it. Rejects for a public key that is no point of the curve.
 *
 * @param publicKey raw Ed25519 as base64url
 * @param segmentKey 16 bytes
 * @returns 64 bytes as base64url
 */
export async function sealSegmentKey(
  recordingId: string,
  publicKey: string,
  segmentKey: Uint8Array,
): Promise<string> {
  const recipient = ed25519.utils.toMontgomery(fromBase64Url(publicKey));
  const recipientPublicKey = await suite.kem.importKey('raw', buffer(recipient), true);
  const info = infoOf(recordingId);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, buffer(segmentKey), info);
  return toBase64Url(new Uint8Array([...new Uint8Array(enc), ...new Uint8Array(ct)]));
}

/**
 * Undoes {@link sealSegmentKey}. Rejects with `forbidden` for what was sealed for somebody else, for
 * another recording, or was changed.
 *
 * @param seed the 32 bytes of the Ed25519 private key
 * @returns 16 bytes
 */
export async function openSegmentKey(
  recordingId: string,
  seed: Uint8Array,
  box: string,
): Promise<Uint8Array> {
  const secret = ed25519.utils.toMontgomerySecret(seed);
  const bytes = fromBase64Url(box);
  const info = infoOf(recordingId);
  try {
    const recipientKey = await suite.kem.importKey('raw', buffer(secret), false);
    const enc = buffer(bytes.subarray(0, ENCAPSULATED_BYTES));
    const sealed = buffer(bytes.subarray(ENCAPSULATED_BYTES));
    return new Uint8Array(await suite.open({ recipientKey, enc, info }, sealed, info));
  } catch (cause) {
    throw Object.assign(
      new ProtocolError(
        'forbidden',
        'The key of this recording was not sealed for you, or it was changed on the way. Watch it when its host is there.',
      ),
      { cause },
    );
  }
}

function infoOf(recordingId: string): ArrayBuffer {
  return buffer(new TextEncoder().encode(grantInfoText(recordingId)));
}

/** A copy of its own: some of these views lie in larger buffers. */
function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
