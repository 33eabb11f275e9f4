import { fromBase64Url } from '../../protocol/encoding.ts';
import { userIdOf } from '../../protocol/identity.ts';

/** Whether this is the signature of that key (Ed25519, both base64url) over the text. */
export async function isSigned(
  text: string,
  signature: string,
  publicKey: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', fromBase64Url(publicKey), 'Ed25519', false, [
    'verify',
  ]);
  const bytes = new TextEncoder().encode(text);
  return crypto.subtle.verify('Ed25519', key, fromBase64Url(signature), bytes);
}

/** Whose key this is (raw Ed25519, base64url). */
export async function userIdOfKey(publicKey: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', fromBase64Url(publicKey));
  return userIdOf(new Uint8Array(digest));
}
