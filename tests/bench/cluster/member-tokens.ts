import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { ClusterSecrets } from '../../../main/cluster/cluster-secrets.ts';
import { OperatorSecret } from '../../../main/cluster/operator-secret.ts';
import type { SecretStore } from '../../../main/hosts/host.ts';
import { publicKeyOf } from '../../../main/identity/ed25519.ts';
import { TokenIssuer } from '../../../main/identity/token-issuer.ts';
import { clientOf, type TestRedis } from '../../support/redis.ts';

/** Signs sessions as the nodes do: signing in is another bench's matter. */
export type SessionSigner = (member: number) => Promise<string>;

/** With the key that the nodes on this Redis share. */
export async function clusterSigner(redis: TestRedis): Promise<SessionSigner> {
  const client = await clientOf(redis);
  const secret = (await readFile(redis.secretFile, 'utf8')).trim();
  const operatorSecret = new OperatorSecret(secret);
  const logger = pino({ enabled: false });
  const signer = await signerOf(new ClusterSecrets({ redis: client, operatorSecret, logger }));
  await client.close();
  return signer;
}

/** With the key that a node alone keeps in its data folder. */
export async function nodeSigner(dataFolder: string): Promise<SessionSigner> {
  const folder = join(dataFolder, 'secrets');
  const [name] = (await readdir(folder)).filter((file) => file.startsWith('node-key'));
  const key = await readFile(join(folder, String(name)));
  return signerOf({
    kind: 'file',
    get: async () => new Uint8Array(key),
    set: async () => undefined,
  });
}

async function signerOf(secrets: SecretStore): Promise<SessionSigner> {
  const tokens = await TokenIssuer.open({ secrets, clock: Date.now });
  return async (member) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { token } = await tokens.issueSession({
      sub: `u_bench${String(member).padStart(17, '0')}`,
      jkt: publicKeyOf(privateKey),
      handle: `bench_${member}`,
      name: `Bench ${member}`,
      scopes: ['stream:create', 'stream:join', 'stream:moderate', 'post:write'],
      guest: false,
    });
    return token;
  };
}
