import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../hosts/host.ts';

/** The name under which the key that wraps each recording's secret lies in the secret store. */
const SECRET_NAME = 'recordings-key';

/** The studio's 32-byte recordings key, made at first start. Without it no journal can be read. */
export async function openMasterKey(secrets: SecretStore): Promise<Uint8Array> {
  const stored = await secrets.get(SECRET_NAME);
  if (stored) return stored;
  const key = randomBytes(32);
  await secrets.set(SECRET_NAME, key);
  return key;
}
