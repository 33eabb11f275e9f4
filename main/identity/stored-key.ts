import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecretStore } from '../hosts/host.ts';
import { readPrivateKey } from './ed25519.ts';

/** The name under which a node's signing key lies. */
export const NODE_SECRET = 'node-key';

/** A new Ed25519 key as it is kept (PKCS #8, DER). */
export function newNodeKey(): Uint8Array {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
}

/** The Ed25519 key kept under `name`, made at first use. Throws when what is kept is no such key. */
export async function storedKey(secrets: SecretStore, name: string): Promise<KeyObject> {
  const kept = await secrets.get(name);
  if (kept) return readPrivateKey(kept);
  const made = newNodeKey();
  await secrets.set(name, made);
  return readPrivateKey(made);
}
