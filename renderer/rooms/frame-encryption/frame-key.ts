/** What everybody derives alike from a sender's secret. */
export interface FrameKeyContext {
  roomId: string;
  /** Whose frames the key is for. */
  peerId: string;
}

/** Bytes of a secret that a sender tells its peers. */
export const SECRET_BYTES = 32;

/** A fresh secret. */
export function newFrameSecret(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** The AES-256-GCM key of a sender's frames: HKDF-SHA-256 (RFC 5869) bound to room and sender. */
export async function deriveFrameKey(
  secret: Uint8Array<ArrayBuffer>,
  { roomId, peerId }: FrameKeyContext,
): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new TextEncoder().encode('swarm-frames:v1'),
      info: new TextEncoder().encode(`${roomId}\n${peerId}`),
    },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}
