import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readClusterFlags } from '../../../main/cluster/cluster-flags.ts';
import { readRelayFlags } from '../../../main/relay/relay-flags.ts';

const refusal = (sentence: RegExp) =>
  expect.objectContaining({ code: 'bad-arguments', message: expect.stringMatching(sentence) });

describe('the flags of a relay', () => {
  it('relay for this computer alone unless an address is given', () => {
    expect(readRelayFlags({})).toEqual({ relay: undefined });
    expect(readRelayFlags({ relay: true })).toEqual({
      relay: { ip: '127.0.0.1', port: undefined },
    });
    expect(
      readRelayFlags({ relay: true, 'relay-port': '40000', 'relay-address': '203.0.113.5' }),
    ).toEqual({ relay: { ip: '0.0.0.0', announcedAddress: '203.0.113.5', port: 40_000 } });
    const nodes = { 'relay-nodes-address': '10.0.0.5', 'relay-nodes-ports': '41000-41999' };
    expect(readRelayFlags({ relay: true, ...nodes })).toMatchObject({
      relay: { nodesAddress: '10.0.0.5', nodesPorts: { min: 41_000, max: 41_999 } },
    });
  });

  it.each([
    [{ 'relay-port': '40000' }, /go with --relay/],
    [{ 'relay-address': 'a' }, /go with --relay/],
    [{ 'relay-nodes-address': '10.0.0.5' }, /go with --relay/],
    [{ relay: true, 'relay-nodes-ports': '41000' }, /two ports/],
    [{ relay: true, 'relay-nodes-ports': '42000-41000' }, /lower one first/],
    [{ relay: true, 'relay-port': '70000' }, /0 to 65535/],
    [{ relay: true, 'relay-address': 'a b' }, /IP address/],
  ])('are refused when they are %j', (values, sentence) => {
    expect(() => readRelayFlags(values)).toThrow(refusal(sentence));
  });
});

describe('the flags of several nodes', () => {
  const secret = { 'cluster-secret-file': 'secret' };

  it('take the address of Redis from the environment first, where nobody sees it', () => {
    expect(readClusterFlags({}, {})).toEqual({ cluster: undefined });
    const redis = 'redis://127.0.0.1:6379';
    expect(readClusterFlags({ redis, ...secret }, {})).toEqual({
      cluster: { url: redis, secretFile: resolve('secret'), roomsOnly: false },
    });
    const url = 'rediss://swarm:password@redis.internal:6380';
    const flags = { redis, ...secret, 'rooms-only': true };
    expect(readClusterFlags(flags, { SWARM_REDIS_URL: url })).toEqual({
      cluster: { url, secretFile: resolve('secret'), roomsOnly: true },
    });
  });

  it.each([
    [secret, /go with --redis/],
    [{ 'rooms-only': true }, /go with --redis/],
    [{ redis: 'http://127.0.0.1', ...secret }, /must be like redis/],
    [{ redis: '127.0.0.1', ...secret }, /must be like redis/],
    [{ redis: 'redis://127.0.0.1' }, /needs --cluster-secret-file/],
  ])('are refused when they are %j', (values, sentence) => {
    expect(() => readClusterFlags(values, {})).toThrow(refusal(sentence));
  });
});
