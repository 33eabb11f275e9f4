import { exportJWK, type JWTHeaderParameters } from 'jose';
import { expect, it } from 'vitest';
import type { Jwks } from '../../../protocol/identity.ts';
import { createNodeKeys } from '../../../renderer/rooms/node-keys.ts';

async function jwk(kid: string): Promise<Jwks['keys'][number]> {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('publicKey' in made)) throw new Error('not a pair');
  const { x = '' } = await exportJWK(made.publicKey);
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

it('a node’s keys are fetched once, and again only for a key that is new', async () => {
  let nowMs = 0;
  let fetched = 0;
  const keys = [await jwk('first')];
  const node = createNodeKeys(
    {
      keys: async () => {
        fetched++;
        return { keys };
      },
    },
    () => nowMs,
  );
  const find = (kid: string) =>
    node.resolve({ alg: 'EdDSA', kid } as JWTHeaderParameters, { payload: '', signature: '' });

  await Promise.all([node.prepare(), find('first'), find('first')]);
  expect(fetched).toBe(1);

  await expect(find('second')).rejects.toThrow();
  expect(fetched).toBe(1);

  keys.push(await jwk('second'));
  nowMs = 11_000;
  await find('second');
  expect(fetched).toBe(2);
  await expect(find('forged')).rejects.toThrow();
  await expect(find('forged')).rejects.toThrow();
  expect(fetched).toBe(2);
});

it('a node that did not answer is asked again', async () => {
  let answers = false;
  const node = createNodeKeys({
    keys: async () => {
      if (!answers) throw new Error('The node does not answer.');
      return { keys: [await jwk('first')] };
    },
  });
  await expect(node.prepare()).rejects.toThrow('does not answer');
  answers = true;
  await node.prepare();
});
