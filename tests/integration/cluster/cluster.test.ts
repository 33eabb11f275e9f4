import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { KEYS } from '../../../main/cluster/cluster-keys.ts';
import { MailCipher } from '../../../main/cluster/mail-cipher.ts';
import { OperatorSecret } from '../../../main/cluster/operator-secret.ts';
import { clientOf, redisProblem, startRedis, type TestRedis } from '../../support/redis.ts';
import { openGate } from '../../support/tcp-gate.ts';
import { TestClock, TestMember, type TestNode } from '../rendezvous/node.ts';
import { haveMet, joinCluster, kill, offer, roomPath, through } from './cluster-nodes.ts';

let redis: TestRedis;
let clock: TestClock;
const nodes: TestNode[] = [];

async function join(
  options: { url?: string; roomsOnly?: boolean; clock?: TestClock; clockOffMs?: number } = {},
): Promise<TestNode> {
  const node = await joinCluster(redis, { url: redis.url, clock, ...options });
  nodes.push(node);
  return node;
}

describe.skipIf(redisProblem)('several nodes on one Redis', () => {
  /** The one with the community's data. */
  let home: TestNode;
  let other: TestNode;
  let third: TestNode;
  let ann: TestMember;
  let bob: TestMember;

  beforeEach(async () => {
    redis = await startRedis();
    clock = new TestClock();
    home = await join({ roomsOnly: false });
    other = await join();
    third = await join();
    await haveMet(nodes);
    ann = await TestMember.open(home, 'ann', false);
    bob = await TestMember.open(other, 'bob', false);
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await redis.stop();
  });

  /** Somebody's socket through a node, in the room they are in. */
  async function socketOf(member: TestMember, node: TestNode, people: number) {
    const socket = await through(node, member).socket();
    await socket.next('room:update', (update) => update.participants.length === people);
    return socket;
  }

  const refused = async (member: TestMember, node: TestNode, roomId: string) =>
    (await through(node, member).call('POST', roomPath(roomId, '/join'), {})).json.code;

  it('serve the same rooms: one joins, speaks, is muted and leaves through any of them', async () => {
    const { room, peerId, invites } = await ann.createRoom({ visibility: 'invite-only' });
    const annsSocket = await ann.socket();
    const joined = await through(third, bob).join(room.roomId, invites[0]?.token);
    const bobsSocket = await socketOf(bob, other, 2);
    await annsSocket.next('room:update', ({ participants }) => participants.length === 2);

    bobsSocket.send(offer(room.roomId, joined.peerId, peerId));
    expect(await annsSocket.next('signal:offer')).toMatchObject({ from: joined.peerId });
    const beat = { type: 'heartbeat', roomId: room.roomId, peerId: joined.peerId, ts: 1 };
    bobsSocket.send({ ...beat, connection: 'turn' });
    await bobsSocket.next('heartbeat');

    const muted = await through(third, ann).call(
      'PATCH',
      roomPath(room.roomId, `/participants/${joined.peerId}`),
      { action: 'mute', scope: 'audio' },
    );
    expect(muted.status).toBe(200);
    expect(await bobsSocket.next('moderation:applied')).toMatchObject({ action: 'mute' });
    const listed = await through(other, ann).call('GET', '/api/signaling/rooms');
    expect(listed.json.rooms).toMatchObject([{ roomId: room.roomId, participantCount: 2 }]);
    const left = await through(third, bob).call('POST', roomPath(room.roomId, '/leave'));
    expect(left.status).toBe(204);
    await annsSocket.next('room:update', ({ participants }) => participants.length === 1);
  });

  it('have a knock answered and a room gone live, whichever node that is asked of', async () => {
    const created = await through(other, ann).createRoom({ visibility: 'invite-only' });
    const { roomId } = created.room;
    const annsSocket = await socketOf(ann, home, 1);
    const knocker = await through(third, bob).socket();
    knocker.send({ type: 'room:join', roomId, knock: true });
    const { peerId } = await knocker.next('room:pending');
    const { knocks } = await annsSocket.next('room:knocks');
    expect(knocks).toMatchObject([{ peerId, handle: 'bob' }]);
    const approve = { action: 'approve' };
    await through(third, ann).call('PATCH', roomPath(roomId, `/participants/${peerId}`), approve);
    expect(await knocker.next('room:admission')).toMatchObject({ status: 'approved' });
    const live = await through(third, ann).call('POST', roomPath(roomId, '/promote'), {});
    expect(live.status).toBe(200);
    const post = await through(other, ann).call('GET', `/api/posts/${live.json.postId}`);
    expect(post.json.post).toMatchObject({ roomId, liveStatus: 'live' });
    await through(home, ann).call('DELETE', roomPath(roomId));
    await expect
      .poll(async () => (await ann.call('GET', `/api/posts/${live.json.postId}`)).json.post)
      .toMatchObject({ liveStatus: 'ended' });
  });

  it('find a room for each frame anew that comes back, and give up on one that keeps coming', async () => {
    const { room } = await through(other, ann).createRoom();
    const joined = await through(home, bob).join(room.roomId);
    const frames: { connectionId: string; text: string }[] = [];
    other.cluster?.bus.on('message', (_from, message) => {
      if (message.type === 'frame') frames.push(message);
    });
    const socket = await through(home, bob).socket();
    await socket.next('room:update');
    const { roomId } = room;
    socket.send({ type: 'heartbeat', roomId, peerId: joined.peerId, ts: 1, connection: 'direct' });
    await socket.next('heartbeat');
    const [frame = { connectionId: '', text: '' }] = frames;
    const back = (timesBack: number) =>
      other.cluster?.bus.send(home.cluster?.bus.nodeId ?? '', {
        ...{ type: 'frame:back', connectionId: frame.connectionId, text: frame.text },
        ...{ timesBack, why: 'elsewhere' },
      });
    for (let time = 0; time < 6; time += 1) {
      back(0);
      await socket.next('heartbeat');
    }
    expect(socket.received.some(({ type }) => type === 'error')).toBe(false);
    back(3);
    expect(await socket.next('error')).toMatchObject({ code: 'store-unavailable' });
  });

  it('keep a room, its people and its bans when its node is killed', async () => {
    const eve = await TestMember.open(third, 'eve', false);
    const created = await through(other, ann).createRoom();
    const { roomId } = created.room;
    const joined = await through(third, bob).join(roomId);
    const evil = await eve.join(roomId);
    const ban = { action: 'ban', targetPeerId: evil.peerId };
    const banned = await through(home, ann).call('POST', roomPath(roomId, '/moderation'), ban);
    expect(banned.status).toBe(200);
    const bobsSocket = await socketOf(bob, third, 2);

    await kill(other);
    const annsSocket = await through(home, ann).socket();
    await annsSocket.next('room:update', ({ participants }) => participants.length === 2);
    bobsSocket.send(offer(roomId, joined.peerId, created.peerId));
    await annsSocket.next('signal:offer');
    for (const node of [home, third]) expect(await refused(eve, node, roomId)).toBe('banned');
  });

  it('hand rooms over when a node is stopped in order', async () => {
    const created = await through(other, ann).createRoom();
    const { roomId } = created.room;
    await through(third, bob).join(roomId);
    const bobsSocket = await socketOf(bob, third, 2);
    const annsSocket = await through(other, ann).socket();
    await other.close();
    nodes.splice(nodes.indexOf(other), 1);
    expect(await annsSocket.closed).toBe(1001);
    await bobsSocket.next('room:update');
    expect(bobsSocket.received.filter(({ type }) => type === 'room:ended')).toEqual([]);
    const found = await through(home, ann).call('GET', roomPath(roomId));
    expect(found.json.room).toMatchObject({ roomId, participantCount: 2 });
  });

  it('go on while Redis is gone, refuse what can’t be kept, and catch up after', async () => {
    const carol = await TestMember.open(home, 'carol', false);
    const created = await through(other, ann).createRoom();
    const { roomId } = created.room;
    const joined = await through(other, bob).join(roomId);
    const annsSocket = await socketOf(ann, other, 2);
    const bobsSocket = await socketOf(bob, other, 2);
    const ban = { action: 'ban', targetPeerId: joined.peerId };
    const self = roomPath(roomId, `/participants/${joined.peerId}`);
    const { cluster } = other;
    await redis.restart(async () => {
      await expect.poll(() => cluster?.bus.isSure, { timeout: 10_000 }).toBe(false);
      expect(await refused(carol, other, roomId)).toBe('store-unavailable');
      const banned = await through(other, ann).call('POST', roomPath(roomId, '/moderation'), ban);
      expect(banned.json.code).toBe('store-unavailable');
      // Who is in the room speaks on, and may mute themselves.
      bobsSocket.send(offer(roomId, joined.peerId, created.peerId));
      await annsSocket.next('signal:offer');
      clock.advance(10 * 60_000);
      other.tick();
      expect(other.registry.participants(roomId)).toHaveLength(2);
      clock.advance(-10 * 60_000);
    });
    await haveMet(nodes);
    const muted = await through(other, bob).call('PATCH', self, { action: 'mute', scope: 'audio' });
    expect(muted.status).toBe(200);
    await through(third, carol).join(roomId);
    const again = await through(home, ann).call('POST', roomPath(roomId, '/moderation'), ban);
    expect(again.status).toBe(200);
    await bobsSocket.next('room:ended', ({ reason }) => reason === 'banned');
    const client = await clientOf(redis);
    expect(await client.hKeys(KEYS.room(roomId))).toContain(
      `moderation/${again.json.event.eventId}`,
    );
    await client.close();
  });

  it('write everything anew where Redis lost all it had', async () => {
    const created = await through(other, ann).createRoom();
    const { roomId } = created.room;
    const client = await clientOf(redis);
    await client.flushAll();
    await expect.poll(() => client.exists(KEYS.secret('node-key')), { timeout: 10_000 }).toBe(1);
    await expect.poll(() => client.hGet(KEYS.owners, roomId)).toBe(other.cluster?.bus.nodeId);
    expect(await client.hKeys(KEYS.room(roomId))).toContain(`rooms/${roomId}`);
    await client.close();
    await through(third, bob).join(roomId);
  });
});

describe.skipIf(redisProblem)('a node that is cut off from Redis', () => {
  beforeEach(async () => {
    redis = await startRedis();
    clock = new TestClock();
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await redis.stop();
  });

  it('loses its rooms to others, lets go of them when it is back, and leaves no ghosts', async () => {
    const gate = await openGate(redis.port);
    onTestFinished(() => gate.close());
    const home = await join({ roomsOnly: false });
    const cutOff = await join({ url: `redis://127.0.0.1:${gate.port}` });
    await haveMet(nodes);
    const ann = await TestMember.open(home, 'ann', false);
    const eve = await TestMember.open(home, 'eve', false);
    const { room, peerId } = await through(cutOff, ann).createRoom();
    const { roomId } = room;
    const evil = await through(cutOff, eve).join(roomId);
    const evesSocket = await through(cutOff, eve).socket();
    await evesSocket.next('room:update');

    gate.cut();
    await expect.poll(() => home.cluster?.bus.others.size, { timeout: 10_000 }).toBe(0);
    await expect.poll(() => home.registry.get(roomId)?.roomId, { timeout: 10_000 }).toBe(roomId);
    const ban = { action: 'ban', targetPeerId: evil.peerId };
    const banned = await ann.call('POST', roomPath(roomId, '/moderation'), ban);
    expect(banned.status).toBe(200);
    // The node that is cut off decides nothing meanwhile, whatever it believes.
    const held = roomPath(roomId, `/participants/${evil.peerId}`);
    const mute = { action: 'mute', scope: 'audio' };
    const muted = await through(cutOff, ann).call('PATCH', held, mute);
    expect(muted.json.code).toBe('store-unavailable');

    gate.mend();
    await haveMet(nodes);
    await expect.poll(() => cutOff.registry.get(roomId)).toBeUndefined();
    const rejoin = await through(cutOff, eve).call('POST', roomPath(roomId, '/join'), {});
    expect(rejoin.json.code).toBe('banned');
    const seen = await through(cutOff, ann).call('GET', roomPath(roomId, '/participants'));
    expect(seen.json.participants).toMatchObject([{ peerId }]);
  });

  it('with a wrong clock says so, and owns no rooms', async () => {
    const home = await join({ roomsOnly: false, clockOffMs: 2_000 });
    const wrong = new TestClock();
    const late = await join({ clock: wrong, clockOffMs: 2_000 });
    await haveMet(nodes);
    const ann = await TestMember.open(home, 'ann', false);
    const { room } = await through(late, ann).createRoom();
    wrong.advance(5_000);
    await expect.poll(() => late.cluster?.bus.isClockOff, { timeout: 10_000 }).toBe(true);
    const made = await through(late, ann).call('POST', '/api/signaling/rooms', {
      ...{ context: 'profile', title: 'Late', visibility: 'public' },
    });
    expect(made.json.code).toBe('store-unavailable');
    expect(late.logged.some(({ msg }) => String(msg).includes('clock'))).toBe(true);
    late.tick();
    expect(late.registry.get(room.roomId)).toBeUndefined();
    await expect
      .poll(() => home.registry.get(room.roomId)?.roomId, { timeout: 10_000 })
      .toBe(room.roomId);
    await expect(join({ clock: wrong, clockOffMs: 2_000 })).rejects.toMatchObject({
      code: 'clock-wrong',
    });
  });
});

describe.skipIf(redisProblem)('what a node is told', () => {
  beforeEach(async () => {
    redis = await startRedis(['requirepass correct-horse']);
    clock = new TestClock();
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close();
    await redis.stop();
  });

  const withPassword = () => redis.url.replace('redis://', 'redis://:correct-horse@');

  it('of Redis and of the others is checked before it starts', async () => {
    await expect(join()).rejects.toMatchObject({ code: 'redis-unreachable' });
    const nobody = join({ url: 'redis://127.0.0.1:1' });
    await expect(nobody).rejects.toMatchObject({ code: 'redis-unreachable' });
    await join({ url: withPassword(), roomsOnly: false });
    const second = join({ url: withPassword(), roomsOnly: false });
    await expect(second).rejects.toMatchObject({ code: 'community-elsewhere' });
    await writeFile(redis.secretFile, 'another secret that is long enough to be one, but wrong\n');
    await expect(join({ url: withPassword() })).rejects.toMatchObject({
      code: 'cluster-secret-wrong',
    });
    await writeFile(redis.secretFile, 'short');
    await expect(join({ url: withPassword() })).rejects.toMatchObject({
      code: 'cluster-secret-missing',
    });
  });

  it('may be let in by a user who may do no more than nodes do', async () => {
    const guide = await readFile('docs/runbooks/cluster.md', 'utf8');
    const [, rules = ''] = /^user swarm on >A-LONG-PASSWORD (.*)$/m.exec(guide) ?? [];
    const admin = await clientOf({ ...redis, url: withPassword() });
    await admin.sendCommand(['ACL', 'SETUSER', 'swarm', 'on', '>of-the-test', ...rules.split(' ')]);
    const url = redis.url.replace('redis://', 'redis://swarm:of-the-test@');
    const home = await join({ url, roomsOnly: false });
    const other = await join({ url });
    await haveMet(nodes);
    const ann = await TestMember.open(home, 'ann', false);
    const { room } = await through(other, ann).createRoom();
    await kill(other);
    await expect
      .poll(() => home.registry.get(room.roomId)?.roomId, { timeout: 10_000 })
      .toBe(room.roomId);
    await ann.call('DELETE', roomPath(room.roomId));
    home.clock.advance(25 * 3_600_000);
    home.tick();
    await expect.poll(() => admin.exists(KEYS.room(room.roomId))).toBe(0);
    const refused = await admin.sendCommand(['ACL', 'LOG']);
    expect(refused).toEqual([]);
    await admin.close();
  });

  it('tells who reads Redis nothing of what nodes say, and hears nothing twice', async () => {
    const url = withPassword();
    const home = await join({ url, roomsOnly: false });
    const other = await join({ url });
    await haveMet(nodes);
    const heard: string[] = [];
    other.cluster?.bus.on('message', (_from, { type }) => heard.push(type));
    const token = 'a-token-that-nobody-may-see';
    const send = (json: string) =>
      home.cluster?.bus.send(other.cluster?.bus.nodeId ?? '', {
        ...{ type: 'send', connectionId: 'somebody', json },
      });
    send(token);
    await expect.poll(() => heard).toContain('send');
    const client = await clientOf({ ...redis, url });
    const inbox = KEYS.inbox(other.cluster?.bus.nodeId ?? '');
    const entries = (await client.xRange(inbox, '-', '+')) ?? [];
    expect(entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(entries)).not.toContain(token);
    for (const { message } of entries) await client.xAdd(inbox, '*', message);
    send('the last one');
    await expect.poll(() => heard.filter((type) => type === 'send')).toHaveLength(2);
    await client.close();
  });

  it('by rubbish in Redis is left out and logged, and breaks nothing', async () => {
    const home = await join({ url: withPassword(), roomsOnly: false });
    const ann = await TestMember.open(home, 'ann', false);
    const { room } = await ann.createRoom();
    const client = await clientOf({ ...redis, url: withPassword() });
    const inbox = KEYS.inbox(home.cluster?.bus.nodeId ?? '');
    for (const sealed of ['', '{', 'AAAA', 'A'.repeat(400)]) {
      await client.xAdd(inbox, '*', { from: 'node_evil', n: '1', sealed });
    }
    await client.xAdd(inbox, '*', { nonsense: 'x' });
    const unasked = [{ type: 'send', connectionId: 'nobody', json: '{}' }];
    const guess = new MailCipher(new OperatorSecret('a guess'));
    const envelope = { from: 'node_evil', to: home.cluster?.bus.nodeId ?? '', n: 1 };
    const sealed = guess.seal(JSON.stringify(unasked), envelope);
    await client.xAdd(inbox, '*', { from: 'node_evil', n: '1', sealed });
    const bad = 'room_bad000000000';
    await client.hSet(KEYS.room(bad), { [`rooms/${bad}`]: '[1,{"room_id":"x"}]', y: '{' });
    const answer = await ann.call('GET', roomPath(bad));
    expect(answer.json.code).toBe('room-not-found');
    expect((await ann.call('GET', roomPath(room.roomId))).status).toBe(200);
    await expect
      .poll(() => home.logged.filter(({ msg }) => /somebody else|can’t be read/.test(String(msg))))
      .toHaveLength(8);
    await client.close();
  });
});
