import { exportJWK, type JWTHeaderParameters } from 'jose';
import { expect, it } from 'vitest';
import { createNodeKeys } from '../../../../renderer/rooms/node-keys.ts';
import { keyPair } from './moderation-fixtures.ts';

it('with the node gone, a key it never had makes nobody forget the ones it has', async () => {
  const { x = '' } = await exportJWK((await keyPair()).publicKey);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid: 'node', alg: 'EdDSA', use: 'sig' } as const;
  let nowMs = 0;
  let reachable = true;
  let asked = 0;
  const node = createNodeKeys(
    {
      keys: async () => {
        asked++;
        if (!reachable) throw new Error('The node does not answer.');
        return { keys: [jwk] };
      },
    },
    () => nowMs,
  );
  const find = (kid: string) =>
    node.resolve({ alg: 'EdDSA', kid } as JWTHeaderParameters, { payload: '', signature: '' });

  await node.prepare();
  reachable = false;
  nowMs = 60_000;
  await expect(find('made-up')).rejects.toThrow('does not answer');
  await find('node');
  await expect(find('made-up')).rejects.toThrow('no applicable key');
  expect(asked).toBe(2);
});
