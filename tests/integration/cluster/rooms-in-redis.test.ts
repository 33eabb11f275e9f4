import { afterAll, beforeAll } from 'vitest';
import { redisProblem, startRedis, type TestRedis } from '../../support/redis.ts';
import { keepRoomsInRedis } from '../rendezvous/node.ts';

// All that holds for rooms in a node's own store holds for rooms in Redis.
if (!redisProblem) {
  let redis: TestRedis;
  let databases = 0;

  beforeAll(async () => {
    redis = await startRedis(['databases 2000', 'appendfsync no']);
    keepRoomsInRedis(() => {
      databases += 1;
      return { url: `${redis.url}/${databases}`, secretFile: redis.secretFile };
    });
  });

  afterAll(async () => {
    keepRoomsInRedis(undefined);
    await redis.stop();
  });

  await import('../rendezvous/rooms.test.ts');
  await import('../rendezvous/knocking.test.ts');
  await import('../rendezvous/invitations.test.ts');
  await import('../rendezvous/moderation.test.ts');
  await import('../rendezvous/signed-moderation.test.ts');
  await import('../rendezvous/signalling.test.ts');
}
