import { afterAll, beforeAll, describe } from 'vitest';
import { redisProblem, startRedis, type TestRedis } from '../../support/redis.ts';
import { keepRoomsInRedis } from '../rendezvous/node.ts';

// All that holds for rooms in a node's own store holds for rooms in Redis.
if (!redisProblem) {
  let redis: TestRedis;
  let databases = 0;

  beforeAll(async () => {
    redis = await startRedis(['databases 2000', 'appendfsync no']);
  });
  keepRoomsInRedis(() => {
    databases += 1;
    return { url: `${redis.url}/${databases}`, secretFile: redis.secretFile };
  });

  afterAll(async () => {
    keepRoomsInRedis(undefined);
    await redis.stop();
  });

  // Each in a block of its own, so that their hooks stay theirs.
  describe('rooms', () => import('../rendezvous/rooms.test.ts').then(() => undefined));
  describe('knocking', () => import('../rendezvous/knocking.test.ts').then(() => undefined));
  describe('invitations', () => import('../rendezvous/invitations.test.ts').then(() => undefined));
  describe('moderation', () => import('../rendezvous/moderation.test.ts').then(() => undefined));
  describe('signed moderation', () =>
    import('../rendezvous/signed-moderation.test.ts').then(() => undefined));
  describe('signalling', () => import('../rendezvous/signalling.test.ts').then(() => undefined));
}
