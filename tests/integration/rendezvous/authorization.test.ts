import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_STATUS, type ErrorCode } from '../../../protocol/errors.ts';
import { ClientMessage } from '../../../protocol/messages.ts';
import { UpdateParticipantRequest } from '../../../protocol/participant-update.ts';
import { type Cell, newRoom, REST, type Row } from './authorization-table.ts';
import { TestSocket } from './node.ts';
import {
  type PopulatedRoom,
  populatedNode,
  populatedRoom,
  ROLES,
  type RoleName,
} from './populated-room.ts';

const operationOf = ({ does }: Row) => does.replace(/ \(.*\)$/, '');

/** Sends the row's request as somebody; answers the status, or the refusal's code. */
async function cellOf(
  { node, caller, person }: Awaited<ReturnType<typeof populatedNode>>,
  row: Row,
  role: RoleName,
): Promise<Cell> {
  const room = populatedRoom(node, caller);
  const host = person('host');
  const [method = '', template = ''] = operationOf(row).split(' ');
  const knocks = /\((approve|deny)\)/.test(row.does);
  const project = template.includes('{projectId}')
    ? (await host?.call('POST', '/api/projects', { name: 'Garden' }))?.json.project.projectId
    : '';
  const path = `${template}${row.query ?? ''}`
    .replace('{roomId}', room.roomId)
    .replace('{peerId}', knocks ? room.knockPeer : room.target)
    .replace('{postId}', room.postId)
    .replace('{handle}', 'host')
    .replace('{projectId}', project)
    .replace('{userId}', host?.userId ?? '');
  const body = row.body?.(room);
  const asker = person(role);
  if (template.endsWith('/upload-probe')) {
    const authorization = asker && { authorization: `Bearer ${asker.token}` };
    const headers = { 'content-type': 'application/octet-stream', ...authorization };
    const answer = await fetch(`${node.url}${path}`, { method, headers, body: 'x' });
    return answer.ok ? answer.status : (await answer.json()).code;
  }
  const { status, json } = asker
    ? await asker.call(method, path, body)
    : await node.request(method, path, body);
  if (status < 400) return status;
  expect(status).toBe(ERROR_STATUS[json.code as ErrorCode]);
  return json.code;
}

describe('over REST', () => {
  let populated: Awaited<ReturnType<typeof populatedNode>>;
  beforeAll(async () => {
    populated = await populatedNode();
  });
  afterAll(() => populated.node.close());

  it('every operation has its row', async () => {
    const { json } = await populated.node.request('GET', '/api/openapi.json');
    const operations = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...new Set(REST.map(operationOf))].sort()).toEqual(operations.sort());
  });

  it('every act on a participant has its row', () => {
    const acts = REST.flatMap(
      ({ does }) => /^PATCH .*participants.* \((\w+)\)$/.exec(does)?.[1] ?? [],
    );
    const known = UpdateParticipantRequest.options.map(({ shape }) => shape.action.value);
    expect(acts.sort()).toEqual([...known].sort());
  });

  it.each(REST)('$does is answered to each as it should be', async (row) => {
    const expected = Object.fromEntries(ROLES.map((role, i) => [role, row.cells[i]]));
    const actual: Record<string, Cell> = {};
    for (const role of ROLES) {
      const asked = row.isScarce ? await populatedNode() : populated;
      actual[role] = await cellOf(asked, row, role);
      if (row.isScarce) await asked.node.close();
    }
    expect(actual).toEqual(expected);
  });
});

type MessageType = ClientMessage['type'];
type Answer =
  | 'authenticated'
  | 'room:created'
  | 'room:joined'
  | 'heartbeat'
  | 'delivered'
  | 'feed:followed'
  | 'feed:unfollowed'
  | ErrorCode;
type Answers = readonly [Answer, Answer, Answer, Answer, Answer, Answer, Answer, Answer];

/** Who is outside tries it as the speaker; who is banned as the peer they were. */
const speakers = (answer: Answer): Answers => [
  ...(['auth-required', 'forbidden', answer, answer, answer, answer] as const),
  ...(['banned', 'forbidden'] as const),
];

const signedIn = (answer: Answer): Answers => [
  'auth-required',
  ...([answer, answer, answer, answer, answer, answer, answer] as const),
];

const signed = { ticket: 't', proof: 'A'.repeat(86) };
const MESSAGES: Record<MessageType, { fields: object; answers: Answers }> = {
  authenticate: {
    fields: {},
    answers: [
      ...(['auth-failed', 'authenticated', 'authenticated', 'authenticated'] as const),
      ...(['authenticated', 'authenticated', 'authenticated', 'authenticated'] as const),
    ],
  },
  'room:create': {
    fields: newRoom,
    answers: [
      ...(['auth-required', 'forbidden', 'forbidden', 'room:created'] as const),
      ...(['room:created', 'room:created', 'room:created', 'room:created'] as const),
    ],
  },
  'room:join': {
    fields: {},
    answers: [
      ...(['auth-required', 'invite-required', 'room:joined', 'room:joined'] as const),
      ...(['room:joined', 'room:joined', 'banned', 'invite-required'] as const),
    ],
  },
  heartbeat: { fields: { ts: 1 }, answers: speakers('heartbeat') },
  'signal:offer': {
    fields: { ...signed, description: { type: 'offer', sdp: 'v=0' } },
    answers: speakers('delivered'),
  },
  'signal:answer': {
    fields: { ...signed, description: { type: 'answer', sdp: 'v=0' } },
    answers: speakers('delivered'),
  },
  'signal:candidate': { fields: { candidate: null }, answers: speakers('delivered') },
  'signal:renegotiate': { fields: {}, answers: speakers('delivered') },
  'feed:follow': { fields: { feed: { profile: 'host' } }, answers: signedIn('feed:followed') },
  'feed:unfollow': { fields: { feed: { profile: 'host' } }, answers: signedIn('feed:unfollowed') },
};

describe('over the socket', () => {
  let populated: Awaited<ReturnType<typeof populatedNode>>;
  beforeAll(async () => {
    populated = await populatedNode();
  });
  afterAll(() => populated.node.close());

  it('every message has its row', () => {
    const types = ClientMessage.options.map(({ shape }) => shape.type.value);
    expect(Object.keys(MESSAGES).sort()).toEqual([...types].sort());
  });

  it.each(Object.keys(MESSAGES) as MessageType[])(
    '%s is answered to each as it should be',
    async (type) => {
      const { fields, answers } = MESSAGES[type];
      const actual: Record<string, string> = {};
      for (const role of ROLES) actual[role] = await answerTo(role, type, fields);
      expect(actual).toEqual(Object.fromEntries(ROLES.map((role, i) => [role, answers[i]])));
    },
  );

  async function answerTo(role: RoleName, type: MessageType, fields: object): Promise<string> {
    const { node, caller, person } = populated;
    const room = populatedRoom(node, caller);
    const asker = person(role);
    const peerId = room.peers.get(role as never) ?? room.peers.get('speaker');
    const isFirst = type === 'authenticate' || !asker;
    const socket = await (isFirst ? TestSocket.open(node) : asker.socket());
    const seen = socket.received.length;
    socket.send({
      ...(type !== 'room:create' && { roomId: room.roomId }),
      ...{ peerId, from: peerId, to: room.target, token: asker?.token ?? '' },
      ...{ ...fields, type, requestId: 'asked' },
    });
    if (asker) await socket.settled();
    else await socket.closed;
    const news = socket.received.slice(seen);
    await socket.close();
    const refusal = news.find(
      (message) => message.type === 'error' && message.code !== 'unsupported-message',
    );
    if (refusal?.type === 'error') return refusal.code;
    const direct = [
      ...['authenticated', 'room:created', 'room:joined', 'heartbeat'],
      ...['feed:followed', 'feed:unfollowed'],
    ];
    const answer = news.find((message) => direct.includes(message.type));
    return answer?.type ?? (await reached(room, type));
  }

  /** Whether the message has come to the one it was for: it waits for their socket. */
  async function reached(room: PopulatedRoom, type: MessageType): Promise<string> {
    const target = await populated.person('target')?.socket();
    if (!target) return 'lost';
    await target.settled();
    const isThere = target.received.some(
      (message) => message.type === type && 'to' in message && message.to === room.target,
    );
    await target.close();
    return isThere ? 'delivered' : 'lost';
  }
});
