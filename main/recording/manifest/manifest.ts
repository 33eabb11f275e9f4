import { createPublicKey, verify } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { fromBase64Url } from '../../../protocol/encoding.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Manifest, type ManifestPayload } from '../../../protocol/recordings.ts';

/** Name of the manifest in a recording's folder. */
export const MANIFEST_NAME = 'manifest.json';

/** The host's identity, as recordings need it. */
export interface ManifestSigner {
  userId: string;
  /** Raw Ed25519 key as base64url. */
  publicKey: string;
  /** Ed25519 as base64url. */
  sign(bytes: Uint8Array): string;
}

/** Signs a manifest over its canonical form (RFC 8785). */
export function signManifest(payload: ManifestPayload, signer: ManifestSigner): Manifest {
  return { ...payload, signature: signer.sign(signedBytes(payload)) };
}

/** A day in 2 s segments has some 8 MB. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Reads the manifest in a recording's folder. Throws `recording-damaged`, see {@link readManifest}. */
export async function readManifestFile(dir: string, publicKey: string): Promise<Manifest> {
  const path = join(dir, MANIFEST_NAME);
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw damaged('it is missing');
    throw error;
  });
  if (!found.isFile()) throw damaged('it is not a file');
  if (found.size > MAX_MANIFEST_BYTES) throw damaged(`it has ${found.size} bytes`);
  return readManifest(await readFile(path, 'utf8'), publicKey);
}

/**
 * Reads a manifest that may come from anywhere. Throws `recording-damaged` when it is not one, was
 * changed, or is not signed by `publicKey`, the key it is expected from.
 */
export function readManifest(text: string, publicKey: string): Manifest {
  const parsed = Manifest.safeParse(parseJson(text));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') || 'the document';
    throw damaged(`it is malformed at ${field}`);
  }
  const manifest = parsed.data;
  if (manifest.host.publicKey !== publicKey) throw damaged('it is signed by somebody else');
  if (!isSignedByHost(manifest)) throw damaged('its signature does not match its contents');
  requireConsistent(manifest, damaged);
  return manifest;
}

/**
 * Sizes and times that don't add up are refused before anything is read or reserved for them.
 *
 * @param refused makes what is thrown of what is wrong
 */
export function requireConsistent(
  { init, segments, sizeBytes, durationMs }: Manifest,
  refused: (reason: string) => Error,
): void {
  const bytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, init.sizeBytes);
  if (bytes !== sizeBytes) throw refused('its sizes do not add up');
  const ms = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
  if (Math.abs(ms - durationMs) > 1) throw refused('its durations do not add up');
}

/** Whether it is signed with the key that it names as its host's; who that is, is not looked at. */
export function isSignedByHost({ signature, ...payload }: Manifest): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: payload.host.publicKey },
    format: 'jwk',
  });
  return verify(null, signedBytes(payload), key, fromBase64Url(signature));
}

function signedBytes(payload: ManifestPayload): Uint8Array {
  return new TextEncoder().encode(canonicalize(payload));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(reason: string): ProtocolError {
  return new ProtocolError(
    'recording-damaged',
    `${MANIFEST_NAME} is refused: ${reason}. Delete the recording, or restore its folder from a copy.`,
  );
}
