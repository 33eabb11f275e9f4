import { z } from 'zod';

/** Bytes on the wire: base64url without padding (RFC 4648 section 5). */
export const Base64Url = z.string().regex(/^[A-Za-z0-9_-]*$/, 'must be base64url without padding');

/** A raw 32-byte Ed25519 public key (RFC 8032) as base64url: always 43 characters. */
export const PublicKey = Base64Url.length(43, 'must be a 32-byte Ed25519 key as base64url');

/** A 64-byte Ed25519 signature as base64url: always 86 characters. */
export const Signature = Base64Url.length(86, 'must be a 64-byte Ed25519 signature as base64url');

/** A SHA-256 digest as lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest in hex');

/** ISO 8601 in UTC, e.g. `2026-01-31T12:00:00.000Z`. */
export const Timestamp = z.iso.datetime();

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Decodes base64url without padding. Throws a `DOMException` on anything else. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
