import { afterEach, describe, expect, it } from 'vitest';
import { MAX_BUFFERED_BYTES } from '../../../main/rendezvous/sockets/connection.ts';
import { memberOf, startNode, type TestNode, TestSocket } from './node.ts';

let node: TestNode;
afterEach(() => node.close());

describe('an address that asks too often', () => {
  it('is refused sessions, while reading goes on', async () => {
    node = await startNode({ requestLimits: { sessions: 3, writes: 100, sockets: 100 } });
    const publicKey = 'A'.repeat(43);
    const ask = () => node.request('POST', '/api/session/challenge', { publicKey });
    for (let i = 0; i < 3; i++) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await node.request('GET', '/api/signaling/rooms')).status).toBe(200);
  });

  it('is refused changes', async () => {
    node = await startNode({ requestLimits: { sessions: 100, writes: 2, sockets: 100 } });
    const ann = await memberOf(node, 'ann');
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      statuses.push((await ann.call('POST', '/api/projects', { name: 'x' })).status);
    }
    expect(statuses).toEqual([201, 201, 429]);
  });

  it('is refused sockets', async () => {
    node = await startNode({ requestLimits: { sessions: 100, writes: 100, sockets: 1 } });
    const first = await TestSocket.open(node);
    await expect(TestSocket.open(node)).rejects.toThrow('429');
    await first.close();
  });
});

describe('a socket', () => {
  it('may say 50 things in 10 s, candidates apart', async () => {
    node = await startNode();
    const ann = await memberOf(node, 'ann');
    const { room, peerId } = await ann.createRoom();
    const bob = await memberOf(node, 'bob');
    const { peerId: to } = await bob.join(room.roomId);
    const socket = await ann.socket();
    const bobSocket = await bob.socket();
    const heartbeat = { type: 'heartbeat', roomId: room.roomId, peerId, ts: 0 };
    for (let ts = 1; ts <= 50; ts++) socket.send({ ...heartbeat, ts });
    const refused = await socket.next('error');
    expect(refused.code).toBe('rate-limited');
    // 49 were echoed: the 50th message in the window was the authentication before them.
    expect(socket.received.filter(({ type }) => type === 'heartbeat')).toHaveLength(49);

    const candidate = {
      type: 'signal:candidate',
      roomId: room.roomId,
      from: peerId,
      to,
      candidate: null,
    };
    for (let i = 0; i < 501; i++) socket.send(candidate);
    expect((await socket.next('error')).code).toBe('rate-limited');
    await bobSocket.settled();
    expect(bobSocket.received.filter(({ type }) => type === 'signal:candidate')).toHaveLength(500);

    node.clock.advance(10_000);
    socket.send({ ...heartbeat, ts: 51 });
    await socket.next('heartbeat', ({ ts }) => ts === 51);
  });

  it('hears that a message is too large, unknown, no JSON or lacks fields, and goes on', async () => {
    node = await startNode();
    const socket = await (await memberOf(node, 'ann')).socket();
    const answerTo = async (message: unknown) => {
      socket.send(message);
      return await socket.next('error');
    };
    expect((await answerTo('x'.repeat(65_537))).code).toBe('message-too-large');
    expect((await answerTo('{')).code).toBe('validation-failed');
    expect((await answerTo('null')).code).toBe('unsupported-message');
    expect((await answerTo({ type: 'room:explode', requestId: 'r1' })).code).toBe(
      'unsupported-message',
    );
    const invalid = await answerTo({ type: 'room:join', roomId: 7, requestId: 'r2' });
    expect(invalid).toMatchObject({
      code: 'validation-failed',
      requestId: 'r2',
      message: expect.stringContaining('roomId'),
    });
    socket.raw.send(Buffer.from([1, 2, 3]));
    expect((await socket.next('error')).code).toBe('unsupported-message');
    const exact = JSON.stringify({ type: 'hello', pad: '' });
    const largest = exact.replace('""', `"${'x'.repeat(65_536 - exact.length)}"`);
    expect((await answerTo(largest)).code).toBe('unsupported-message');
  });

  it('is closed for a frame beyond all reason', async () => {
    node = await startNode();
    const socket = await (await memberOf(node, 'ann')).socket();
    socket.send('x'.repeat(300_000));
    expect(await socket.closed).toBe(1009);
  });

  it('from a page of another site is refused', async () => {
    node = await startNode();
    await expect(TestSocket.open(node, { origin: 'https://evil.example' })).rejects.toThrow('403');
    const own = await TestSocket.open(node, { origin: node.url });
    await own.close();
  });

  it('that does not read is cut off instead of filling the node’s memory', async () => {
    node = await startNode();
    const ann = await memberOf(node, 'ann');
    const bob = await memberOf(node, 'bob');
    const { room, peerId } = await ann.createRoom();
    const { peerId: to } = await bob.join(room.roomId);
    const bobSocket = await bob.socket();
    await bobSocket.next('room:update');
    bobSocket.raw.pause();
    const socket = await ann.socket();
    const offer = {
      type: 'signal:offer',
      roomId: room.roomId,
      from: peerId,
      to,
      ticket: 't',
      proof: 'A'.repeat(86),
      description: { type: 'offer', sdp: 'x'.repeat(60_000) },
    };
    // The kernel's own buffers take some megabytes before ours begin to fill.
    const enough = 16 * Math.ceil(MAX_BUFFERED_BYTES / 60_000);
    for (let i = 0; i < enough && node.openSockets() === 2; i++) {
      socket.send({ ...offer, requestId: String(i) });
      await socket.settled();
      node.clock.advance(1000);
    }
    expect(node.openSockets()).toBe(1);
    expect(node.registry.participant(room.roomId, to)).toBeDefined();
    bobSocket.raw.resume();
    await bobSocket.closed;
  });
});
