import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayService } from '../../../main/relay/relay-service.ts';
import { RelayWorkers } from '../../../main/relay/relay-workers.ts';
import type { RelayProducer } from '../../../protocol/relay.ts';
import { redisProblem, startRedis, type TestRedis } from '../../support/redis.ts';
import { openGate } from '../../support/tcp-gate.ts';
import { fakeMediasoup } from '../relay/fake-mediasoup.ts';
import { CAPABILITIES, OPUS, VP8 } from '../relay/sent-tracks.ts';
import {
  startNode,
  TestClock,
  TestMember,
  type TestNode,
  type TestSocket,
} from '../rendezvous/node.ts';
import { haveMet, kill, roomPath, through } from './cluster-nodes.ts';

interface RelayingNode {
  node: TestNode;
  fake: ReturnType<typeof fakeMediasoup>;
}

describe.skipIf(redisProblem)('a relayed room of several nodes', () => {
  let redis: TestRedis;
  let clock: TestClock;
  let home: RelayingNode;
  let other: RelayingNode;
  let ann: TestMember;
  let bob: TestMember;
  let roomId = '';
  let bobPeer = '';
  /** Ann's is open on the node that has the community, Bob's on the other one. */
  let annSocket: TestSocket;
  let bobSocket: TestSocket;
  const nodes: TestNode[] = [];

  async function relayingNode(
    name: string,
    { roomsOnly = true, url = redis.url } = {},
  ): Promise<RelayingNode> {
    const fake = fakeMediasoup();
    const node = await startNode({
      cluster: { url, secretFile: redis.secretFile, roomsOnly, clock, name },
      relay: async ({ registry, logger }) => {
        const workers = await RelayWorkers.open({
          ...{ mediasoup: fake.mediasoup, count: 1, logger },
          listening: { ip: '127.0.0.1' },
        });
        return new RelayService({ workers, registry, name, logger });
      },
    });
    nodes.push(node);
    return { node, fake };
  }

  const path = (rest = '') => roomPath(roomId, `/relay${rest}`);
  const open = async (who: TestMember) => (await who.call('POST', path('/session'))).json;
  const send = async (who: TestMember, kind: 'audio' | 'video' = 'audio') =>
    (
      await who.call('POST', path('/producers'), {
        kind,
        rtpParameters: kind === 'audio' ? OPUS : VP8,
      })
    ).json.producerId as string;
  const consume = async (who: TestMember, producerIds: string[]) =>
    (
      await who.call('POST', path('/consumers'), {
        producerIds,
        rtpCapabilities: CAPABILITIES,
      })
    ).json.consumers;
  const routersOf = ({ fake }: RelayingNode) =>
    fake.workers.flatMap(({ routers }) => routers.filter(({ isClosed }) => !isClosed));
  const producersOf = (relaying: RelayingNode) =>
    routersOf(relaying).flatMap(({ producers }) => [...producers.values()]);
  const told = async (socket: TestSocket, matches: (producers: RelayProducer[]) => boolean) =>
    (await socket.next('relay:producers', ({ producers }) => matches(producers))).producers;
  const relayedBy = (socket: TestSocket, name: string) =>
    socket.next('room:update', ({ room }) => room.relayedBy === name);

  /** A room of Ann's that the first node has, with Bob in it, relayed. */
  async function relayedRoom(): Promise<void> {
    const created = await ann.createRoom();
    roomId = created.room.roomId;
    bobPeer = (await bob.join(roomId)).peerId;
    annSocket = await ann.socket();
    bobSocket = await through(other.node, bob).socket();
    await bobSocket.next('room:update');
    expect((await ann.call('POST', path(), { enabled: true })).status).toBe(200);
  }

  beforeEach(async () => {
    redis = await startRedis();
    clock = new TestClock();
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await redis.stop();
  });

  async function startBoth(url?: string): Promise<void> {
    home = await relayingNode('Home', { roomsOnly: false });
    other = await relayingNode('Other', url === undefined ? {} : { url });
    await haveMet(nodes);
    await expect
      .poll(() => nodes.map(({ cluster }) => [...(cluster?.bus.others.values() ?? [])][0]?.relays))
      .toEqual([true, true]);
    ann = await TestMember.open(home.node, 'ann', false);
    bob = await TestMember.open(home.node, 'bob', false);
    await relayedRoom();
  }

  it('has each person relayed by the node their socket is on, and tracks go between them', async () => {
    await startBoth();
    await open(ann);
    await relayedBy(annSocket, 'Home');
    await open(bob);
    await relayedBy(annSocket, 'Home, Other');
    expect(other.fake.transports).toHaveLength(2);

    const producerId = await send(bob, 'video');
    expect(producersOf(home)).toEqual([]);
    await told(annSocket, ([producer]) => producer?.producerId === producerId);
    const consumers = await consume(ann, [producerId]);
    expect(consumers).toMatchObject([{ producerId, peerId: bobPeer, kind: 'video' }]);
    expect(producersOf(home)).toMatchObject([{ id: producerId, paused: false }]);
    const changes = { consumers: [{ consumerId: consumers[0].consumerId, paused: false }] };
    expect((await ann.call('PATCH', path('/consumers'), changes)).status).toBe(204);

    // A moderator's word holds at both ends.
    const mute = { action: 'mute', scope: 'video' };
    await ann.call('PATCH', roomPath(roomId, `/participants/${bobPeer}`), mute);
    await expect.poll(() => producersOf(home)[0]?.paused).toBe(true);
    await expect.poll(() => producersOf(other)[0]?.paused).toBe(true);

    // The other way as well, over the same pipe.
    const annsId = await send(ann);
    expect(await consume(bob, [annsId])).toMatchObject([{ producerId: annsId, kind: 'audio' }]);
    expect(routersOf(home).flatMap(({ pipes }) => pipes)).toHaveLength(1);

    await bob.call('POST', roomPath(roomId, '/leave'));
    await expect.poll(() => producersOf(home).map(({ id }) => id)).toEqual([annsId]);
    await expect.poll(() => routersOf(other)).toEqual([]);
    await relayedBy(annSocket, 'Home');
  });

  it('refuses there as it does here', async () => {
    await startBoth();
    await open(ann);
    const { send: transport } = await open(bob);
    const bad = { kind: 'video', rtpParameters: { codecs: [{ ...VP8.codecs[0] }] } };
    Object.assign(bad.rtpParameters.codecs[0] ?? {}, { mimeType: 'video/H264' });
    expect((await bob.call('POST', path('/producers'), bad)).json.code).toBe('rtp-invalid');
    const another = { transportId: (await open(ann)).send.id };
    expect((await bob.call('POST', path('/restart-ice'), another)).json.code).toBe('not-relayed');
    const own = { transportId: transport.id };
    expect((await bob.call('POST', path('/restart-ice'), own)).status).toBe(200);
  });

  it('lets only the node command a place that it was lent to', async () => {
    await startBoth();
    const places = new Set<string>();
    other.node.cluster?.bus.on('message', (_from, message) => {
      if (message.type === 'relay:ask') places.add(message.placeId);
    });
    await open(bob);
    const third = await startNode({
      cluster: { url: redis.url, secretFile: redis.secretFile, roomsOnly: true, clock },
    });
    nodes.push(third);
    await haveMet(nodes);
    const [placeId = ''] = places;
    expect(placeId).not.toBe('');
    const ask = (method: string, args: string) =>
      third.cluster?.bus.send(other.node.cluster?.bus.nodeId ?? '', {
        ...{ type: 'relay:ask', askId: method, placeId, method, args },
      });
    const answers: object[] = [];
    third.cluster?.bus.on('message', (_from, message) => {
      if (message.type === 'answer') answers.push(JSON.parse(message.answer.body));
    });
    ask('closePeer', JSON.stringify([bobPeer]));
    await expect.poll(() => answers).toMatchObject([{ code: 'not-relayed' }]);
    third.cluster?.bus.send(other.node.cluster?.bus.nodeId ?? '', {
      type: 'relay:return',
      placeId,
    });
    third.cluster?.bus.send(home.node.cluster?.bus.nodeId ?? '', { type: 'relay:lost', placeId });
    expect(await send(bob)).toBeDefined();
    expect(routersOf(other)).toHaveLength(1);
    expect(other.fake.transports.filter(({ closed }) => closed)).toEqual([]);
  });

  it('goes on without a node that is killed, whose people come back by another', async () => {
    await startBoth();
    await open(ann);
    await open(bob);
    const annsId = await send(ann);
    const bobsId = await send(bob);
    await told(annSocket, (producers) => producers.length === 2);
    await consume(ann, [bobsId]);
    await kill(other.node);
    expect(await told(annSocket, ({ length }) => length === 1)).toMatchObject([
      { producerId: annsId },
    ]);
    bobSocket = await bob.socket();
    await bobSocket.next('room:update', ({ room }) => room.relayedBy === 'Home');
    await open(bob);
    const again = await send(bob);
    expect(await consume(ann, [again])).toMatchObject([{ producerId: again }]);
  });

  it('is begun anew when the node that had it is killed, and nothing is left of it', async () => {
    await startBoth();
    await open(ann);
    await open(bob);
    await send(bob);
    await kill(home.node);
    await expect.poll(() => routersOf(other), { timeout: 15_000 }).toEqual([]);
    await through(other.node, bob).call('GET', roomPath(roomId));
    expect(await bobSocket.next('relay:closed')).toMatchObject({ reason: 'worker-died' });
    await relayedBy(bobSocket, 'Other');
    const elsewhere = through(other.node, bob);
    await open(elsewhere);
    expect(await send(elsewhere)).toBeDefined();
    expect(routersOf(other)).toHaveLength(1);
  });

  it('is told of a worker that dies on the other node, and only its people lose anything', async () => {
    await startBoth();
    await open(ann);
    await open(bob);
    const annsId = await send(ann);
    await send(bob);
    await told(annSocket, ({ length }) => length === 2);
    other.fake.workers[0]?.die();
    await told(annSocket, ({ length }) => length === 1);
    expect(await bobSocket.next('relay:closed')).toMatchObject({ reason: 'worker-died' });
    expect(annSocket.received.some(({ type }) => type === 'relay:closed')).toBe(false);
    await open(bob);
    expect(await consume(bob, [annsId])).toMatchObject([{ producerId: annsId }]);
    expect(routersOf(other)).toHaveLength(1);
  });

  it('goes on without a node that is cut off, which gives back what it lent when it is there again', async () => {
    const port = Number(new URL(redis.url).port);
    const gate = await openGate(port);
    try {
      const url = new URL(redis.url);
      url.port = String(gate.port);
      await startBoth(url.toString());
      await open(ann);
      await open(bob);
      await send(bob);
      gate.cut();
      // The node of the room hears with its next beats that the other is gone.
      await told(annSocket, ({ length }) => length === 0);
      await relayedBy(annSocket, 'Home');
      gate.mend();
      await haveMet(nodes);
      // The other one, which heard of nothing, is told that it has lent nothing.
      await expect.poll(() => routersOf(other), { timeout: 15_000 }).toEqual([]);
    } finally {
      await gate.close();
    }
  });

  it('goes on over both nodes while Redis is away for a minute, and nobody is taken for gone', async () => {
    await startBoth();
    await open(ann);
    await open(bob);
    const bobsId = await send(bob);
    await consume(ann, [bobsId]);
    const carol = await TestMember.open(home.node, 'carol', false);
    await redis.restart(async () => {
      await expect
        .poll(() => nodes.map(({ cluster }) => cluster?.bus.isSure), { timeout: 10_000 })
        .toEqual([false, false]);
      const refused = await carol.call('POST', roomPath(roomId, '/join'), {});
      expect(refused.json.code).toBe('store-unavailable');
      await delay(60_000);
      // What needs no other node is answered all the while.
      expect((await ann.call('GET', roomPath(roomId))).status).toBe(200);
    });
    await haveMet(nodes);
    expect((await carol.join(roomId)).peerId).toBeDefined();
    await annSocket.next('room:update', ({ participants }) => participants.length === 3);
    expect(home.node.registry.get(roomId)?.roomId).toBe(roomId);
    expect(producersOf(home)).toMatchObject([{ id: bobsId }]);
    expect(producersOf(other)).toMatchObject([{ id: bobsId }]);
    const mute = { action: 'mute', scope: 'audio' };
    await ann.call('PATCH', roomPath(roomId, `/participants/${bobPeer}`), mute);
    await expect.poll(() => producersOf(other)[0]?.paused).toBe(true);
    for (const { received } of [annSocket, bobSocket]) {
      const ends = received.filter(({ type }) => /^(relay:closed|room:ended|error)$/.test(type));
      expect(ends).toEqual([]);
    }
  }, 120_000);

  it('is relayed by its own node where the other relays nothing', async () => {
    home = await relayingNode('Home', { roomsOnly: false });
    const node = await startNode({
      cluster: { url: redis.url, secretFile: redis.secretFile, roomsOnly: true, clock },
    });
    nodes.push(node);
    other = { node, fake: fakeMediasoup() };
    await haveMet(nodes);
    ann = await TestMember.open(home.node, 'ann', false);
    bob = await TestMember.open(home.node, 'bob', false);
    await relayedRoom();
    await open(bob);
    expect(home.fake.transports).toHaveLength(2);
    // Its rooms become meshes when a node takes them that relays nothing.
    await kill(home.node);
    await through(node, bob).call('GET', roomPath(roomId));
    await bobSocket.next('room:update', ({ room }) => room.topology === undefined);
  });
});
