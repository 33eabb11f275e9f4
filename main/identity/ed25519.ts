import { createHash, createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fromBase64Url, toBase64Url } from '../../protocol/encoding.ts';
import { userIdOf } from '../../protocol/identity.ts';

/** A private key from its PKCS #8 bytes (RFC 8410). Throws when they are not an Ed25519 key. */
export function readPrivateKey(pkcs8: Uint8Array): KeyObject {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Error('The stored key is not an Ed25519 key. Restore the secrets from a backup.');
  }
  return key;
}

/** The raw 32-byte public half as base64url. */
export function publicKeyOf(privateKey: KeyObject): string {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (typeof x !== 'string') throw new Error('An Ed25519 key must have a public half.');
  return x;
}

/**
 * The one spelling of a public key. 43 base64url characters carry 2 bits more than 32 bytes, so
 * four spellings decode to the same key; without this, one key could pass for four.
 */
export function canonicalPublicKey(publicKey: string): string {
  return toBase64Url(fromBase64Url(publicKey));
}

/** A member's id, from the raw public key as base64url. */
export function userIdOfKey(publicKey: string): string {
  return userIdOf(createHash('sha256').update(fromBase64Url(publicKey)).digest());
}

/** Checks an Ed25519 signature over UTF-8 text. Key and signature are base64url. */
export function verifyText(publicKey: string, text: string, signature: string): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
    format: 'jwk',
  });
  return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64url'));
}
