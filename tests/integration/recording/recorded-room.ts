import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type {
  RecordedRoom,
  RecordingServiceOptions,
} from '../../../main/recording/recording-service.ts';

export const HOST = 'u_hosthosthosthosthost00';
export const GUEST = 'u_guestguestguestguest0';
export const STRANGER = 'u_strangerstranger00000';
export const WEBM = 'video/webm;codecs=h264,opus';

/** The identity that follows from a seed: another one for each call without. */
export function newSigner(seed: Uint8Array = randomBytes(32)): RecordingServiceOptions['signer'] {
  // PKCS #8 of an Ed25519 key is this prefix and the seed (RFC 8410, section 7).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    userId: HOST,
    publicKey: String(createPublicKey(key).export({ format: 'jwk' }).x),
    sign: (bytes) => sign(null, bytes, key).toString('base64url'),
  };
}

/** A room of {@link HOST}'s to which {@link GUEST} was invited. */
export function room(overrides: Partial<RecordedRoom> = {}): RecordedRoom {
  return {
    roomId: 'room_0123456789abcdef',
    title: 'An evening of Ünïcode',
    visibility: 'invite-only',
    hostUserId: HOST,
    allowedUserIds: [GUEST],
    ...overrides,
  };
}
