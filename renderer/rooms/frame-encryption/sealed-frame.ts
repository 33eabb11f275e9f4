/**
 * Media frames as they leave an encrypting sender, in the manner of SFrame (RFC 9605):
 *
 *     clear bytes | AES-256-GCM ciphertext and its 16-byte tag | stream 4 | counter 8 | keyId 1
 *
 * The clear bytes are what WebRTC's packetizers must read; they, and the trailer, are
 * authenticated with the rest.
 */

/** Bytes behind the ciphertext: which stream, which frame of it, which key. */
export const TRAILER_BYTES = 13;
const TAG_BYTES = 16;

/** Codecs whose packetizers are content with a few clear bytes. */
export const PROTECTED_VIDEO_CODEC = 'video/VP8';
const PROTECTED_AUDIO_CODEC = 'audio/opus';

/** Where a frame belongs: never the same twice under one key. */
export interface FrameNumber {
  keyId: number;
  /** One per encrypting sender, 0 to 2^32 - 1. */
  stream: number;
  /** Frames of that stream so far. */
  counter: bigint;
}

/**
 * How many of a frame's first bytes stay readable, or `undefined` where a codec's frames can't be
 * encrypted without breaking its packetizer. Opus: the TOC byte (RFC 6716, section 3.1). VP8: the
 * frame tag, and in a keyframe its start code and size (RFC 6386, section 9.1).
 */
export function clearBytes(mimeType: string, isKeyframe: boolean): number | undefined {
  const codec = mimeType.toLowerCase();
  if (codec === PROTECTED_AUDIO_CODEC) return 1;
  if (codec === PROTECTED_VIDEO_CODEC.toLowerCase()) return isKeyframe ? 10 : 3;
  return undefined;
}

/** Encrypts a frame. `key` is for AES-GCM; `number` must never have been used with it before. */
export async function sealFrame(
  frame: ArrayBuffer,
  clear: number,
  key: CryptoKey,
  number: FrameNumber,
): Promise<ArrayBuffer> {
  const header = new Uint8Array(frame, 0, Math.min(clear, frame.byteLength));
  const trailer = writeTrailer(number);
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: ivOf(trailer), additionalData: join(header, trailer) },
    key,
    new Uint8Array(frame, header.length),
  );
  return join(header, new Uint8Array(ciphertext), trailer).buffer;
}

/** The number of a sealed frame; `undefined` for one that is too short to be sealed. */
export function readFrameNumber(sealed: ArrayBuffer): FrameNumber | undefined {
  if (sealed.byteLength < TRAILER_BYTES + TAG_BYTES) return undefined;
  const view = new DataView(sealed, sealed.byteLength - TRAILER_BYTES);
  return { stream: view.getUint32(0), counter: view.getBigUint64(4), keyId: view.getUint8(12) };
}

/** Decrypts a frame. Rejects with an `OperationError` where it is not what its sender sealed. */
export async function openFrame(
  sealed: ArrayBuffer,
  clear: number,
  key: CryptoKey,
): Promise<ArrayBuffer> {
  const trailerAt = sealed.byteLength - TRAILER_BYTES;
  const header = new Uint8Array(sealed, 0, Math.min(clear, trailerAt));
  const trailer = new Uint8Array(sealed, trailerAt);
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: ivOf(trailer), additionalData: join(header, trailer) },
    key,
    new Uint8Array(sealed, header.length, trailerAt - header.length),
  );
  return join(header, new Uint8Array(plain)).buffer;
}

function writeTrailer({ stream, counter, keyId }: FrameNumber): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(TRAILER_BYTES));
  view.setUint32(0, stream);
  view.setBigUint64(4, counter);
  view.setUint8(12, keyId);
  return new Uint8Array(view.buffer);
}

/** Stream and counter: 96 bits that never come twice under one key (NIST SP 800-38D, 8.2.1). */
function ivOf(trailer: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(trailer.subarray(0, 12));
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
