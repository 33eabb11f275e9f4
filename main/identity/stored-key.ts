import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecretStore } from '../hosts/host.ts';
import { readPrivateKey } from './ed25519.ts';

/** The Ed25519 key kept under `name`, made at first use. Throws when what is kept is no such key. */
export async function storedKey(secrets: SecretStore, name: string): Promise<KeyObject> {
  const kept = await secrets.get(name);
  if (kept) return readPrivateKey(kept);
  const { privateKey } = generateKeyPairSync('ed25519');
  await secrets.set(name, privateKey.export({ format: 'der', type: 'pkcs8' }));
  return privateKey;
}
