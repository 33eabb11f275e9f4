import fc from 'fast-check';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClusterBus } from '../../../main/cluster/cluster-bus.ts';
import { KEYS } from '../../../main/cluster/cluster-keys.ts';
import { OperatorSecret } from '../../../main/cluster/operator-secret.ts';
import { type Claim, RedisRoomStore } from '../../../main/cluster/redis-room-store.ts';
import type { RoomRecord } from '../../../main/rendezvous/room-record.ts';
import { clientOf, redisProblem, startRedis, type TestRedis } from '../../support/redis.ts';
import { inOrder, rooms } from '../rendezvous/room-records.ts';

let redis: TestRedis;
const open: ClusterBus[] = [];

/** A store as a node of its own has it. */
async function nodeStore(options: { mayHaveProjects?: boolean } = {}, secret = 'of the test') {
  const logger = pino({ enabled: false });
  const about = { name: 'Store', hasCommunity: false };
  const bus = await ClusterBus.open({
    url: redis.url,
    clock: Date.now,
    ...{ logger, about, operatorSecret: new OperatorSecret(secret) },
  });
  open.push(bus);
  const lost: string[] = [];
  const store = new RedisRoomStore({
    ...{ bus, logger, mayHaveProjects: true, lost: (roomId: string) => lost.push(roomId) },
    ...options,
  });
  return { bus, store, lost };
}

const recordOf = (claim: Claim) => (claim.outcome === 'claimed' ? inOrder(claim.record) : claim);

describe.skipIf(redisProblem)('rooms in Redis', () => {
  beforeAll(async () => {
    redis = await startRedis(['appendfsync no']);
  });

  afterEach(async () => {
    for (const bus of open.splice(0)) {
      await bus.resign();
      await bus.close();
    }
    const client = await clientOf(redis);
    await client.flushAll();
    await client.close();
  });

  afterAll(() => redis.stop());

  it('are taken as they were by another node, whatever was in them and changed at once', async () => {
    const made = fc.uniqueArray(fc.tuple(rooms, rooms), {
      ...{ selector: ([first]) => first.roomId, minLength: 40, maxLength: 40 },
    });
    const [pairs = []] = fc.sample(made, { seed: 7, numRuns: 1 });
    const first = await nodeStore();
    const kept = pairs.map(([before, after]) => {
      const { roomId } = before;
      const room: RoomRecord = {
        ...after,
        roomId,
        invites: new Map([...after.invites].map(([id, invite]) => [id, { ...invite, roomId }])),
        moderation: before.moderation,
      };
      // The second comes while the first is on its way.
      first.store.save(before);
      setImmediate(() => first.store.save(room));
      return room;
    });
    await new Promise((resolve) => setImmediate(resolve));
    for (const { roomId } of kept) await first.store.settled(roomId);
    await first.bus.resign();
    const second = await nodeStore();
    for (const room of kept) {
      const claim = await second.store.claim(room.roomId);
      expect(claim.outcome === 'claimed' && claim.record).toEqual(room);
    }
  });

  it('are written by their owner alone, and by nobody once it is gone for good', async () => {
    const [[room, another] = []] = fc.sample(fc.uniqueArray(rooms, { minLength: 2 }), {
      ...{ seed: 3, numRuns: 1 },
    });
    if (!room || !another) throw new Error('no rooms were made');
    const owner = await nodeStore();
    const other = await nodeStore();
    owner.store.save(room);
    await owner.store.settled(room.roomId);
    expect(await other.store.claim(room.roomId)).toEqual({
      ...{ outcome: 'owned', nodeId: owner.bus.nodeId },
    });
    other.store.save({ ...another, roomId: room.roomId });
    await expect(other.store.settled(room.roomId)).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    expect(other.lost).toEqual([room.roomId]);
    await owner.bus.resign();
    owner.store.save({ ...room, title: 'Written by a ghost' });
    await expect(owner.store.settled(room.roomId)).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    expect(recordOf(await other.store.claim(room.roomId))).toEqual(inOrder(room));
    other.store.delete(room.roomId);
    await expect.poll(async () => (await other.store.claim(room.roomId)).outcome).toBe('none');
  });

  it('that no node wrote are not believed, and neither are rows that were swapped', async () => {
    const [room] = fc.sample(
      rooms.filter(({ moderation }) => moderation.length > 1),
      { seed: 11, numRuns: 1 },
    );
    if (!room) throw new Error('no room was made');
    const { roomId } = room;
    const stranger = await nodeStore({}, 'somebody else’s');
    stranger.store.save(room);
    await stranger.store.settled(roomId);
    await stranger.bus.resign();
    expect((await (await nodeStore()).store.claim(roomId)).outcome).toBe('none');

    const owner = await nodeStore();
    const client = await clientOf(redis);
    await client.flushAll();
    await owner.bus.renew();
    owner.store.save(room);
    await owner.store.settled(roomId);
    await owner.bus.resign();
    const [one, two] = room.moderation.map(({ eventId }) => `moderation/${eventId}`);
    const kept = await client.hGet(KEYS.room(roomId), String(one));
    await client.hSet(KEYS.room(roomId), String(two), String(kept));
    await client.close();
    const claim = await (await nodeStore()).store.claim(roomId);
    expect(claim.outcome === 'claimed' && claim.record.moderation).toHaveLength(
      room.moderation.length - 1,
    );
  });

  it('of projects are left to the node that knows the projects', async () => {
    const [room] = fc.sample(
      rooms.filter(({ projectId }) => projectId !== undefined),
      { seed: 5, numRuns: 1 },
    );
    if (!room) throw new Error('no room was made');
    const owner = await nodeStore();
    owner.store.save(room);
    await owner.store.settled(room.roomId);
    await owner.bus.resign();
    const roomsOnly = await nodeStore({ mayHaveProjects: false });
    expect((await roomsOnly.store.claim(room.roomId)).outcome).not.toBe('claimed');
    expect((await (await nodeStore()).store.claim(room.roomId)).outcome).toBe('claimed');
  });
});
