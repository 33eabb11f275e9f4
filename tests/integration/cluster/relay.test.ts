import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayService } from '../../../main/relay/relay-service.ts';
import { RelayWorkers } from '../../../main/relay/relay-workers.ts';
import { redisProblem, startRedis, type TestRedis } from '../../support/redis.ts';
import { fakeMediasoup } from '../relay/fake-mediasoup.ts';
import { startNode, TestClock, TestMember, type TestNode } from '../rendezvous/node.ts';
import { haveMet, roomPath, through } from './cluster-nodes.ts';

const OPUS = {
  codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: 1234 }],
};

describe.skipIf(redisProblem)('a relayed room of several nodes', () => {
  let redis: TestRedis;
  const nodes: TestNode[] = [];

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await redis.stop();
  });

  async function relayingNode(clock: TestClock, name: string, roomsOnly: boolean) {
    const node = await startNode({
      cluster: { url: redis.url, secretFile: redis.secretFile, roomsOnly, clock },
      relay: async ({ registry, logger }) => {
        const { mediasoup } = fakeMediasoup();
        const listening = { ip: '127.0.0.1' };
        const workers = await RelayWorkers.open({ mediasoup, count: 1, logger, listening });
        return new RelayService({ workers, registry, name, logger });
      },
    });
    nodes.push(node);
    return node;
  }

  it('is relayed by the node that has it, whichever node is asked', async () => {
    const clock = new TestClock();
    const home = await relayingNode(clock, 'Home', false);
    const other = await relayingNode(clock, 'Other', true);
    await haveMet(nodes);
    const ann = await TestMember.open(home, 'ann', false);
    const bob = await TestMember.open(home, 'bob', false);
    const { room } = await through(other, ann).createRoom();
    const path = (rest = '') => roomPath(room.roomId, `/relay${rest}`);
    await bob.join(room.roomId);
    const socket = await bob.socket();
    const moved = await ann.call('POST', path(), { enabled: true });
    expect(moved.json.room).toMatchObject({ topology: 'relay', relayedBy: 'Other' });
    await socket.next('room:update', (update) => update.room.topology === 'relay');
    expect((await ann.call('POST', path('/session'))).status).toBe(200);
    expect((await bob.call('POST', path('/session'))).status).toBe(200);
    const sent = await ann.call('POST', path('/producers'), { kind: 'audio', rtpParameters: OPUS });
    expect(sent.status).toBe(200);
    const { producers } = await socket.next('relay:producers');
    expect(producers).toMatchObject([{ producerId: sent.json.producerId, kind: 'audio' }]);
  });
});
