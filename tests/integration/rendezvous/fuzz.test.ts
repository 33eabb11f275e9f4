import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberOf, startNode, type TestMember, type TestNode, type TestSocket } from './node.ts';

let node: TestNode;
let ann: TestMember;
let roomId: string;
let peerId: string;

beforeAll(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  const created = await ann.createRoom();
  roomId = created.room.roomId;
  peerId = created.peerId;
});
afterAll(() => node.close());

/** Values that are nearly right are worth more than pure noise: they get past the first check. */
const nearly = () =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(roomId, peerId, ann.token, ann.userId, 'ann') },
    { weight: 1, arbitrary: fc.constantFrom('public', 'profile', 'project', 'mute', 'audio') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 2, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.constantFrom(-0, 1e308, '\u0000', '__proto__', '../..', null) },
  );

const FIELDS = [
  ...['type', 'roomId', 'peerId', 'from', 'to', 'ts', 'token', 'requestId', 'ticket', 'proof'],
  ...['description', 'candidate', 'transceiver', 'context', 'projectId', 'title', 'visibility'],
  ...['invitees', 'recording', 'enabled', 'action', 'scope', 'text', 'tags', 'kind', 'name'],
  ...['invitationToken', 'meshTicket', 'publicKey', 'challengeId', 'signature', 'handle', 'guest'],
  ...['invitees', 'revoke', 'knock', 'role', 'reason', 'duration', 'targetPeerId', 'event'],
];

const TYPES = [
  ...['room:create', 'room:join', 'heartbeat', 'signal:offer', 'signal:answer'],
  ...['signal:candidate', 'signal:renegotiate', 'room:update', 'constructor', ''],
];

const fields = () => fc.dictionary(fc.constantFrom(...FIELDS), nearly(), { maxKeys: 10 });

const frame = () =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...TYPES), fields())
      .map(([type, rest]) => JSON.stringify({ roomId, peerId, from: peerId, ...rest, type })),
    fields().map((value) => JSON.stringify(value)),
    fc.string(),
  );

const request = () =>
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
    path: fc.constantFrom(
      ...['/api/session', '/api/session/challenge', '/api/session/renew', '/api/posts'],
      ...['/api/projects', '/api/signaling/rooms', '/api/feeds/profile/ann?cursor=x&limit=0'],
      ...[
        '/join',
        '/leave',
        '/invitations',
        '/moderation',
        '/knocks',
        '/promote',
        '/recording',
        '/participants',
        `/participants/${peerId}`,
      ].map((rest) => `/api/signaling/rooms/${roomId}${rest}`),
    ),
    suffix: fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.webPath() },
    ),
    body: fc.option(fc.oneof(fields(), nearly()), { nil: undefined }),
  });

describe('nonsense', () => {
  it('over REST is refused with a code, never a fault', async () => {
    await fc.assert(
      fc.asyncProperty(request(), async ({ method, path, suffix, body }) => {
        const answer = await ann.call(method, path + suffix, method === 'GET' ? undefined : body);
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(answer.json.code).toEqual(expect.any(String));
      }),
      { numRuns: 1500 },
    );
    expect(node.logged).toEqual([]);
  }, 60_000);

  it('over the socket is refused with a code, and the socket goes on', async () => {
    let socket: TestSocket = await ann.socket();
    await fc.assert(
      fc.asyncProperty(fc.array(frame(), { minLength: 20, maxLength: 40 }), async (frames) => {
        if (socket.raw.readyState !== socket.raw.OPEN) socket = await ann.socket();
        for (const one of frames) socket.send(one);
        await socket.settled();
        node.clock.advance(10_000);
        await ann.signIn();
        socket.send({ type: 'authenticate', token: ann.token });
        await socket.next('authenticated');
      }),
      { numRuns: 120 },
    );
    expect(node.logged).toEqual([]);
    expect(socket.received.some(({ type }) => type === 'error')).toBe(true);
    expect(
      socket.received.every((message) => message.type !== 'error' || message.code !== 'internal'),
    ).toBe(true);
  }, 60_000);
});
