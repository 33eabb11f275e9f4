import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  guestOf,
  memberOf,
  roomsAreInRedis,
  startNode,
  type TestMember,
  type TestNode,
  TestSocket,
} from './node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;

beforeEach(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
});
afterEach(() => node.close());

function offer(roomId: string, from: string, to: string) {
  return {
    type: 'signal:offer',
    roomId,
    from,
    to,
    ticket: 'ticket',
    proof: 'A'.repeat(86),
    description: { type: 'offer', sdp: 'v=0' },
  };
}

function candidate(roomId: string, from: string, to: string) {
  return { type: 'signal:candidate', roomId, from, to, candidate: null };
}

/** Ann hosts, Bob joins; both have a socket that speaks for them. */
async function roomOfTwo() {
  const { room, peerId: annPeer } = await ann.createRoom();
  const annSocket = await ann.socket();
  const bobSocket = await bob.socket();
  bobSocket.send({ type: 'room:join', roomId: room.roomId, requestId: 'j1' });
  const joined = await bobSocket.next('room:joined');
  return { roomId: room.roomId, annPeer, bobPeer: joined.peerId, annSocket, bobSocket, joined };
}

describe('the first message', () => {
  it('must say who it is', async () => {
    const socket = await TestSocket.open(node);
    socket.send({ type: 'room:join', roomId: `room_${'x'.repeat(16)}`, requestId: 'r' });
    expect(await socket.next('error')).toMatchObject({ code: 'auth-required', requestId: 'r' });
    expect(await socket.closed).toBe(4401);
  });

  it('with a bad token is refused, and the socket closed', async () => {
    const socket = await TestSocket.open(node);
    socket.send({ type: 'authenticate', token: 'nonsense' });
    expect(await socket.next('error')).toMatchObject({ code: 'auth-failed' });
    expect(await socket.closed).toBe(4401);
  });

  it('can’t be a mesh ticket in place of a session', async () => {
    const { meshTicket } = await ann.createRoom();
    const socket = await TestSocket.open(node);
    socket.send({ type: 'authenticate', token: meshTicket });
    expect(await socket.next('error')).toMatchObject({ code: 'auth-failed' });
    expect(await socket.closed).toBe(4401);
  });

  it('must come within 5 s', async () => {
    const socket = await TestSocket.open(node);
    node.clock.advance(4999);
    node.tick();
    expect(socket.raw.readyState).toBe(socket.raw.OPEN);
    node.clock.advance(1);
    node.tick();
    expect(await socket.next('error')).toMatchObject({ code: 'auth-required' });
    expect(await socket.closed).toBe(4401);
  });

  it('may be followed at once by others, which wait for it', async () => {
    const { room } = await ann.createRoom();
    const socket = await TestSocket.open(node);
    socket.send({ type: 'authenticate', token: bob.token });
    socket.send({ type: 'room:join', roomId: room.roomId });
    await socket.next('room:joined');
    expect(socket.received.map(({ type }) => type).slice(0, 3)).toEqual([
      'authenticated',
      'room:joined',
      'room:update',
    ]);
  });
});

describe('rooms over the socket', () => {
  it('are created and joined as over REST', async () => {
    const host = await ann.socket();
    host.send({
      type: 'room:create',
      context: 'profile',
      title: 'By socket',
      visibility: 'invite-only',
      requestId: 'c1',
    });
    const created = await host.next('room:created');
    expect(created).toMatchObject({ requestId: 'c1', room: { title: 'By socket' } });
    const visitor = await (await guestOf(node, 'guest-1')).socket();
    const join = { type: 'room:join', roomId: created.room.roomId };
    visitor.send({ ...join, requestId: 'j1' });
    expect(await visitor.next('error')).toMatchObject({
      code: 'invite-required',
      requestId: 'j1',
    });
    visitor.send({ ...join, invitationToken: created.invites[0]?.token, requestId: 'j2' });
    expect(await visitor.next('room:joined')).toMatchObject({ requestId: 'j2' });
    const update = await host.next('room:update', ({ room }) => room.participantCount === 2);
    expect(update.participants.map(({ handle }) => handle)).toEqual(['ann', 'guest-1']);
  });

  it('show everybody in them every change', async () => {
    const { roomId, bobPeer, annSocket } = await roomOfTwo();
    await bob.call('PATCH', `/api/signaling/rooms/${roomId}/participants/${bobPeer}`, {
      action: 'mute',
      scope: 'audio',
    });
    const muted = await annSocket.next('room:update', ({ participants }) =>
      participants.some(({ peerId, muted }) => peerId === bobPeer && muted.audio),
    );
    expect(muted.room.participantCount).toBe(2);
    await bob.call('POST', `/api/signaling/rooms/${roomId}/leave`);
    await annSocket.next('room:update', ({ participants }) => participants.length === 1);
  });

  it('tell everybody when they end, and why', async () => {
    const { roomId, annSocket, bobSocket } = await roomOfTwo();
    await ann.call('DELETE', `/api/signaling/rooms/${roomId}`);
    for (const socket of [annSocket, bobSocket]) {
      expect(await socket.next('room:ended')).toMatchObject({ roomId, reason: 'ended-by-host' });
    }
  });

  it.skipIf(roomsAreInRedis())('tell everybody when the node stops', async () => {
    const { roomId, bobSocket } = await roomOfTwo();
    await node.close();
    expect(await bobSocket.next('room:ended')).toMatchObject({ roomId, reason: 'node-stopping' });
    await bobSocket.closed;
  });

  it('do not keep the node from stopping when somebody’s machine sleeps', async () => {
    const { bobSocket } = await roomOfTwo();
    bobSocket.raw.pause();
    await node.close();
    bobSocket.raw.resume();
    await bobSocket.closed;
  });

  it('say every 15 s how many are watching, while broadcast', async () => {
    const { roomId, bobSocket } = await roomOfTwo();
    await ann.call('POST', `/api/signaling/rooms/${roomId}/promote`);
    const status = { roomId, liveStatus: 'live', concurrentViewers: 1 };
    expect(await bobSocket.next('room:status')).toMatchObject(status);
    node.clock.advance(14_999);
    node.tick();
    node.clock.advance(1);
    node.tick();
    expect(await bobSocket.next('room:status')).toMatchObject(status);
    await bobSocket.settled();
    expect(bobSocket.received.filter(({ type }) => type === 'room:status')).toHaveLength(2);
    await ann.call('DELETE', `/api/signaling/rooms/${roomId}`);
    expect(await bobSocket.next('room:status')).toMatchObject({ liveStatus: 'ended' });
    await bobSocket.next('room:ended');
  });
});

describe('a signal', () => {
  it('reaches the peer it is for, and nobody else', async () => {
    const { roomId, annPeer, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    const carol = await (await memberOf(node, 'carol')).socket();
    carol.send({ type: 'room:join', roomId });
    await carol.next('room:joined');
    annSocket.send(offer(roomId, annPeer, bobPeer));
    annSocket.send(candidate(roomId, annPeer, bobPeer));
    expect(await bobSocket.next('signal:offer')).toMatchObject({ from: annPeer, to: bobPeer });
    expect(await bobSocket.next('signal:candidate')).toMatchObject({ candidate: null });
    await carol.settled();
    await annSocket.settled();
    for (const socket of [carol, annSocket]) {
      expect(socket.received.filter(({ type }) => type.startsWith('signal:'))).toEqual([]);
    }
  });

  it('brings the other peer nothing but what the protocol knows, whatever was in its text', async () => {
    const { roomId, annPeer, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    const told: string[] = [];
    bobSocket.raw.on('message', (data) => told.push(String(data)));
    const { type, ...rest } = candidate(roomId, bobPeer, bobPeer);
    const plain = JSON.stringify({ type, ...rest, from: annPeer });
    for (const text of [
      plain,
      plain.replace('{', '{"extra":"x",'),
      plain.replace('{', `{"from":"${bobPeer}",`),
      plain.replace('{', '{"__proto__":{"from":"x"},'),
      plain.replace(/,/g, ' ,\n'),
      plain.replace('"from"', '"fr\\u006fm"'),
    ]) {
      annSocket.send(text);
      await bobSocket.next('signal:candidate');
      expect(JSON.parse(told.at(-1) ?? '')).toEqual(JSON.parse(plain));
      expect(told.at(-1)).toHaveLength(plain.length);
    }
  });

  it('nested without end is refused, and nobody stumbles over it', async () => {
    const { roomId, annPeer, bobPeer, annSocket } = await roomOfTwo();
    const asked = { type: 'signal:renegotiate', roomId, from: annPeer, to: bobPeer };
    const text = JSON.stringify({ ...asked, transceiver: { kind: 'video', init: { a: 0 } } });
    annSocket.send(text.replace('0', `${'['.repeat(30_000)}${']'.repeat(30_000)}`));
    expect(await annSocket.next('error')).toMatchObject({ code: 'validation-failed' });
    expect(node.logged).toEqual([]);
  });

  it('works for somebody who joined over REST, whichever came first', async () => {
    const { room, peerId: annPeer } = await ann.createRoom();
    const annSocket = await ann.socket();
    const bobSocket = await bob.socket();
    const { peerId: bobPeer } = await bob.join(room.roomId);
    await bobSocket.next('room:update');
    annSocket.send(offer(room.roomId, annPeer, bobPeer));
    await bobSocket.next('signal:offer');
    bobSocket.send({ ...candidate(room.roomId, bobPeer, annPeer) });
    await annSocket.next('signal:candidate');
  });

  it('waits for a peer whose socket is about to open', async () => {
    const { room, peerId: annPeer } = await ann.createRoom();
    const annSocket = await ann.socket();
    const { peerId: bobPeer } = await bob.join(room.roomId);
    annSocket.send(offer(room.roomId, annPeer, bobPeer));
    await annSocket.settled();
    const bobSocket = await bob.socket();
    await bobSocket.next('signal:offer');
    expect(bobSocket.received.map(({ type }) => type)).toEqual([
      'authenticated',
      'room:update',
      'signal:offer',
    ]);
  });

  it('can’t be sent as somebody else', async () => {
    const { roomId, annPeer, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    bobSocket.send(offer(roomId, annPeer, bobPeer));
    expect(await bobSocket.next('error')).toMatchObject({ code: 'forbidden' });
    await annSocket.settled();
    expect(annSocket.received.some(({ type }) => type.startsWith('signal:'))).toBe(false);
  });

  it('can’t be sent into a room one is not in, nor from one room to another', async () => {
    const { annPeer, bobPeer, bobSocket } = await roomOfTwo();
    const other = await ann.createRoom();
    bobSocket.send(offer(other.room.roomId, bobPeer, other.peerId));
    expect(await bobSocket.next('error')).toMatchObject({ code: 'peer-not-found' });
    const mine = await bob.createRoom();
    await bobSocket.next('room:update', ({ roomId }) => roomId === mine.room.roomId);
    bobSocket.send(offer(mine.room.roomId, mine.peerId, annPeer));
    expect(await bobSocket.next('error')).toMatchObject({ code: 'peer-not-found' });
    bobSocket.send(offer(`room_${'x'.repeat(16)}`, bobPeer, annPeer));
    expect(await bobSocket.next('error')).toMatchObject({ code: 'room-not-found' });
  });

  it('is refused after leaving, and after the room has ended', async () => {
    const { roomId, annPeer, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    await bob.call('POST', `/api/signaling/rooms/${roomId}/leave`);
    bobSocket.send(offer(roomId, bobPeer, annPeer));
    expect(await bobSocket.next('error')).toMatchObject({ code: 'peer-not-found' });
    annSocket.send(offer(roomId, annPeer, bobPeer));
    expect(await annSocket.next('error')).toMatchObject({ code: 'peer-not-found' });
    await ann.call('DELETE', `/api/signaling/rooms/${roomId}`);
    annSocket.send(offer(roomId, annPeer, bobPeer));
    expect(await annSocket.next('error')).toMatchObject({ code: 'room-closed' });
  });
});

describe('heartbeats', () => {
  it('are echoed and keep a participant in the room', async () => {
    const { roomId, bobPeer, bobSocket } = await roomOfTwo();
    for (let i = 1; i <= 6; i++) {
      node.clock.advance(20_000);
      bobSocket.send({ type: 'heartbeat', roomId, peerId: bobPeer, ts: i });
      expect(await bobSocket.next('heartbeat')).toMatchObject({ peerId: bobPeer, ts: i });
      node.tick();
    }
    expect(node.registry.participants(roomId)).toMatchObject([{ handle: 'bob', status: 'active' }]);
  });

  it('bring back a participant who was suspect', async () => {
    const { roomId, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    node.clock.advance(60_000);
    node.tick();
    const statusOfBob = (status: string) =>
      annSocket.next('room:update', ({ participants }) =>
        participants.some((one) => one.peerId === bobPeer && one.status === status),
      );
    await statusOfBob('suspect');
    bobSocket.send({ type: 'heartbeat', roomId, peerId: bobPeer, ts: 1 });
    await statusOfBob('active');
  });

  it('can’t be sent for somebody else', async () => {
    const { roomId, annPeer, bobSocket } = await roomOfTwo();
    bobSocket.send({ type: 'heartbeat', roomId, peerId: annPeer, ts: 1 });
    expect(await bobSocket.next('error')).toMatchObject({ code: 'forbidden' });
  });

  it('that stop for 90 s end one’s presence, and a socket still open is told', async () => {
    const { roomId, bobPeer, bobSocket } = await roomOfTwo();
    node.clock.advance(90_000);
    node.tick();
    expect(await bobSocket.next('room:ended')).toMatchObject({ roomId, reason: 'removed' });
    bobSocket.send({ type: 'heartbeat', roomId, peerId: bobPeer, ts: 1 });
    expect(await bobSocket.next('error')).toMatchObject({ code: 'peer-not-found' });
  });
});

describe('a socket that drops', () => {
  it('leaves its participant in the room, who is restored by the last ticket', async () => {
    const { roomId, bobPeer, annPeer, annSocket, bobSocket, joined } = await roomOfTwo();
    await bob.call('PATCH', `/api/signaling/rooms/${roomId}/participants/${bobPeer}`, {
      action: 'mute',
      scope: 'audio',
    });
    await bobSocket.close();
    expect(node.registry.participants(roomId)).toHaveLength(2);
    annSocket.send(offer(roomId, annPeer, bobPeer));
    await annSocket.settled();
    const back = await bob.socket();
    back.send({ type: 'room:join', roomId, meshTicket: joined.meshTicket });
    const rejoined = await back.next('room:joined');
    expect(rejoined.participant).toMatchObject({
      peerId: bobPeer,
      muted: { audio: true, video: false },
    });
    await back.next('signal:offer');
  });

  it('and was away too long gets its place back by its ticket, without an invitation', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only' });
    const annSocket = await ann.socket();
    const { peerId, meshTicket } = await bob.join(room.roomId, invites[0]?.token);
    node.clock.advance(89_000);
    annSocket.send({
      type: 'heartbeat',
      roomId: room.roomId,
      peerId: annPeerOf(room.roomId),
      ts: 1,
    });
    await annSocket.next('heartbeat');
    node.clock.advance(1000);
    node.tick();
    expect(node.registry.participants(room.roomId)).toHaveLength(1);
    const back = await bob.socket();
    back.send({ type: 'room:join', roomId: room.roomId, meshTicket });
    expect(await back.next('room:joined')).toMatchObject({ peerId });
  });

  it('can’t be resumed with somebody else’s ticket', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only' });
    const { meshTicket } = await bob.join(room.roomId, invites[0]?.token);
    const eve = await (await memberOf(node, 'eve')).socket();
    eve.send({ type: 'room:join', roomId: room.roomId, meshTicket });
    expect(await eve.next('error')).toMatchObject({ code: 'invite-required' });
  });

  it('is replaced by a newer one that joins, and closed for good', async () => {
    const { roomId, annPeer, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    const newer = await bob.socket();
    newer.send({ type: 'room:join', roomId });
    await newer.next('room:joined');
    expect(await bobSocket.closed).toBe(4001);
    annSocket.send(offer(roomId, annPeer, bobPeer));
    await newer.next('signal:offer');
  });

  it('is not disturbed by another one of the same member that joins nothing', async () => {
    const { roomId, annPeer, bobPeer, annSocket, bobSocket } = await roomOfTwo();
    const second = await bob.socket();
    annSocket.send(offer(roomId, annPeer, bobPeer));
    await bobSocket.next('signal:offer');
    await second.settled();
    expect(second.received.some(({ type }) => type === 'signal:offer')).toBe(false);
  });

  function annPeerOf(roomId: string): string {
    return node.registry.participantOf(roomId, ann.userId)?.peerId ?? '';
  }
});

describe('time on a socket', () => {
  it('brings a fresh mesh ticket before the last one runs out', async () => {
    const { roomId, bobPeer, bobSocket } = await roomOfTwo();
    for (let minute = 0; minute < 8; minute++) {
      node.clock.advance(60_000);
      bobSocket.send({ type: 'heartbeat', roomId, peerId: bobPeer, ts: minute });
      await bobSocket.next('heartbeat');
    }
    node.tick();
    const { meshTicket } = await bobSocket.next('ticket:renewed');
    const claims = await node.tokens.verifyMeshTicket(meshTicket);
    expect(claims).toMatchObject({ room: roomId, peer: bobPeer });
    expect(claims.exp * 1000 - node.clock.nowMs).toBeGreaterThan(9 * 60_000);
  });

  it('closes it when the session runs out, unless a fresh one was shown', async () => {
    const first = await ann.socket();
    const second = await bob.socket();
    node.clock.advance(14 * 60_000);
    const renewed = await bob.call('POST', '/api/session/renew');
    second.send({ type: 'authenticate', token: renewed.json.token });
    await second.next('authenticated');
    node.clock.advance(60_000);
    node.tick();
    expect(await first.next('error')).toMatchObject({ code: 'auth-failed' });
    expect(await first.closed).toBe(4401);
    await second.settled();
    expect(second.raw.readyState).toBe(second.raw.OPEN);
  });

  it('does not let it change hands', async () => {
    const socket = await ann.socket();
    socket.send({ type: 'authenticate', token: bob.token });
    expect(await socket.next('error')).toMatchObject({ code: 'auth-failed' });
    expect(await socket.closed).toBe(4401);
  });
});
