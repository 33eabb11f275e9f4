import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RelayService } from '../../../main/relay/relay-service.ts';
import { RelayWorkers } from '../../../main/relay/relay-workers.ts';
import { memberOf, startNode, type TestMember, type TestNode } from '../rendezvous/node.ts';
import { fakeMediasoup } from './fake-mediasoup.ts';
import { CAPABILITIES, OPUS, VP8 } from './sent-tracks.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;
let carol: TestMember;
let roomId = '';
let bobPeer = '';
let fake: ReturnType<typeof fakeMediasoup>;

const path = (rest = '') => `/api/signaling/rooms/${roomId}/relay${rest}`;
const ask = async (who: TestMember, rest: string, body: object = {}) =>
  who.call('POST', path(rest), body);
const open = async (who: TestMember) => (await ask(who, '/session')).json;
const send = (who: TestMember, kind: 'audio' | 'video' = 'audio') =>
  ask(who, '/producers', { kind, rtpParameters: kind === 'audio' ? OPUS : VP8 });
const consume = (who: TestMember, producerIds: string[]) =>
  ask(who, '/consumers', { producerIds, rtpCapabilities: CAPABILITIES });

beforeEach(async () => {
  fake = fakeMediasoup();
  node = await startNode({
    relay: async ({ registry, logger }) => {
      const workers = await RelayWorkers.open({
        ...{ mediasoup: fake.mediasoup, count: 2, logger },
        listening: { ip: '127.0.0.1' },
      });
      return new RelayService({ workers, registry, name: 'Choir', logger, lingersMs: 150 });
    },
  });
  onTestFinished(() => node.close());
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
  carol = await memberOf(node, 'carol');
  const created = await ann.createRoom({ visibility: 'followers' });
  roomId = created.room.roomId;
  bobPeer = (await bob.join(roomId)).peerId;
});

describe('a room', () => {
  it('is moved by its host alone, and everybody in it sees that it is', async () => {
    const socket = await bob.socket();
    expect((await ask(bob, '', { enabled: true })).json.code).toBe('forbidden');
    expect((await ask(carol, '', { enabled: true })).json.code).toBe('forbidden');
    expect((await open(bob)).code).toBe('not-relayed');
    const { json } = await ask(ann, '', { enabled: true });
    expect(json.room).toMatchObject({ topology: 'relay', relayedBy: 'Choir' });
    await expect.poll(async () => (await socket.next('room:update')).room.topology).toBe('relay');
    expect((await ask(ann, '', { enabled: false })).json.room.topology).toBeUndefined();
  });

  it('goes on by the relay for a while when it goes back, and tells when that is over', async () => {
    await ask(ann, '', { enabled: true });
    await open(bob);
    const socket = await bob.socket();
    await ask(ann, '', { enabled: false });
    expect((await send(bob)).status).toBe(200);
    expect(await socket.next('relay:closed')).toMatchObject({ reason: 'not-relayed' });
    expect((await send(bob)).json.code).toBe('not-relayed');
  });

  it('is begun anew on another worker where its own dies', async () => {
    await ask(ann, '', { enabled: true });
    await open(bob);
    const socket = await bob.socket();
    const used = fake.workers.find(({ routers }) => routers.length > 0);
    used?.die();
    expect(await socket.next('relay:closed')).toMatchObject({ reason: 'worker-died' });
    expect((await open(bob)).send.id).toBeDefined();
    expect((await send(bob)).status).toBe(200);
    expect(fake.workers).toHaveLength(3);
    expect(node.logged.some(({ msg }) => String(msg).includes('relay worker died'))).toBe(true);
  });
});

describe('tracks', () => {
  beforeEach(async () => {
    await ask(ann, '', { enabled: true });
  });

  it('reach the others, paused at first, in the layer they ask for', async () => {
    const socket = await ann.socket();
    await open(ann);
    await open(bob);
    const { producerId } = (await send(bob, 'video')).json;
    const news = await socket.next('relay:producers');
    expect(news.producers).toEqual([{ producerId, peerId: bobPeer, kind: 'video', paused: false }]);
    const { consumers } = (await consume(ann, [producerId])).json;
    expect(consumers).toMatchObject([{ producerId, peerId: bobPeer, kind: 'video' }]);
    expect(fake.consumers[0]?.paused).toBe(true);
    const [{ consumerId }] = consumers;
    const changes = { consumers: [{ consumerId, paused: false, spatialLayer: 1 }] };
    expect((await ann.call('PATCH', path('/consumers'), changes)).status).toBe(204);
    expect(fake.consumers[0]).toMatchObject({ paused: false, layers: { spatialLayer: 1 } });
    // One's own is not sent back, and what is gone is passed over.
    expect((await consume(bob, [producerId])).json.consumers).toEqual([]);
    await bob.call('DELETE', path(`/producers/${producerId}`));
    expect((await consume(ann, [producerId])).json.consumers).toEqual([]);
  });

  it('of the same kind take each other’s place', async () => {
    await open(bob);
    const first = (await send(bob)).json.producerId;
    const second = (await send(bob)).json.producerId;
    const { producers } = await open(ann);
    expect(producers.map(({ producerId }: { producerId: string }) => producerId)).toEqual([second]);
    expect(first).not.toBe(second);
  });

  it('of the same kind leave one when they come at the same moment', async () => {
    await open(bob);
    const answers = await Promise.all([send(bob, 'video'), send(bob, 'video'), send(bob)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { producers } = await open(ann);
    const kinds = producers.map(({ kind }: { kind: string }) => kind);
    expect(kinds.sort()).toEqual(['audio', 'video']);
    const forwarded = fake.workers.flatMap(({ routers }) =>
      routers.flatMap((router) => [...router.producers.values()]),
    );
    expect(forwarded).toHaveLength(2);
  });

  it('of who is muted by a moderator are held back, whatever they say', async () => {
    await open(bob);
    const { producerId } = (await send(bob)).json;
    const mute = { action: 'mute', scope: 'audio' };
    await ann.call('PATCH', `/api/signaling/rooms/${roomId}/participants/${bobPeer}`, mute);
    const paused = async () => (await open(ann)).producers[0]?.paused;
    await expect.poll(paused).toBe(true);
    await bob.call('PATCH', path(`/producers/${producerId}`), { paused: false });
    expect(await paused()).toBe(true);
    // Another one, and another session, are held back as well.
    await open(bob);
    await send(bob);
    expect(await paused()).toBe(true);
    const unmute = { action: 'unmute', scope: 'audio' };
    await ann.call('PATCH', `/api/signaling/rooms/${roomId}/participants/${bobPeer}`, unmute);
    await expect.poll(paused).toBe(false);
  });

  it('are not taken from listeners', async () => {
    const demote = { action: 'demote', role: 'listener' };
    await open(bob);
    await ann.call('PATCH', `/api/signaling/rooms/${roomId}/participants/${bobPeer}`, demote);
    expect((await send(bob)).json.code).toBe('forbidden');
  });

  it('end with who sends them: who leaves, is removed or banned', async () => {
    await open(bob);
    await send(bob);
    const ban = { action: 'ban', targetPeerId: bobPeer };
    await ann.call('POST', `/api/signaling/rooms/${roomId}/moderation`, ban);
    expect(fake.transports.filter(({ closed }) => closed)).toHaveLength(2);
    expect((await open(bob)).code).toBe('banned');
    expect((await send(bob)).json.code).toBe('banned');
    expect((await open(ann)).producers).toEqual([]);
  });
});

describe('what makes no sense', () => {
  it('is refused with a code, and breaks nothing', async () => {
    await ask(ann, '', { enabled: true });
    expect((await send(bob)).json.code).toBe('not-relayed');
    const { send: transport } = await open(bob);
    const others = (await open(ann)).send.id;
    const fingerprints = [{ algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }];
    const dtlsParameters = { fingerprints };
    const refusals: [string, object, string][] = [
      ['/connect', { transportId: others, dtlsParameters }, 'not-relayed'],
      ['/connect', { transportId: 'x', dtlsParameters }, 'validation-failed'],
      [
        '/connect',
        { transportId: transport.id, dtlsParameters: { fingerprints: [] } },
        'validation-failed',
      ],
      ['/restart-ice', { transportId: others }, 'not-relayed'],
      [
        '/producers',
        {
          kind: 'video',
          rtpParameters: { codecs: [{ ...VP8.codecs[0], mimeType: 'video/H264' }] },
        },
        'rtp-invalid',
      ],
      ['/producers', { kind: 'video', rtpParameters: { codecs: [] } }, 'validation-failed'],
      [
        '/producers',
        {
          kind: 'audio',
          rtpParameters: { codecs: Array(9).fill(OPUS.codecs[0]) },
        },
        'validation-failed',
      ],
      ['/consumers', { producerIds: [], rtpCapabilities: CAPABILITIES }, 'validation-failed'],
    ];
    for (const [rest, body, code] of refusals) {
      expect((await ask(bob, rest, body)).json, `${rest} ${code}`).toMatchObject({ code });
    }
    expect((await ask(carol, '/session')).json.code).toBe('forbidden');
    expect((await send(carol)).json.code).toBe('forbidden');
    const connected = { transportId: transport.id, dtlsParameters };
    expect((await ask(bob, '/connect', connected)).status).toBe(204);
    expect((await ask(bob, '/connect', connected)).json.code).toBe('rtp-invalid');
    expect((await send(bob)).status).toBe(200);
  });

  it('finds nothing where a node does not relay', async () => {
    const plain = await startNode();
    onTestFinished(() => plain.close());
    const host = await memberOf(plain, 'host');
    const { room } = await host.createRoom();
    const answer = await host.call('POST', `/api/signaling/rooms/${room.roomId}/relay`, {
      enabled: true,
    });
    expect(answer.json.code).toBe('not-found');
  });
});
