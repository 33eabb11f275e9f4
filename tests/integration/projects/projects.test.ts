import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  guestOf,
  memberOf,
  startNode,
  type TestMember,
  type TestNode,
  type TestSocket,
} from '../rendezvous/node.ts';

let node: TestNode;
let owner: TestMember;
let steward: TestMember;
let member: TestMember;
let stranger: TestMember;
let guest: TestMember;
beforeAll(async () => {
  node = await startNode();
  [owner, steward, member, stranger] = await Promise.all([
    memberOf(node, 'olga'),
    memberOf(node, 'stella'),
    memberOf(node, 'mia'),
    memberOf(node, 'stranger'),
  ]);
  guest = await guestOf(node, 'guest');
});
afterAll(() => node.close());

let projectId: string;
const path = (rest = '') => `/api/projects/${projectId}${rest}`;
const answer = async (asked: Promise<{ status: number; json: { code?: string } | undefined }>) => {
  const { status, json } = await asked;
  return status < 400 ? status : json?.code;
};

async function socketOf(who: TestMember): Promise<TestSocket> {
  const socket = await who.socket();
  onTestFinished(() => void socket.close());
  return socket;
}

async function invite(by: TestMember, who: TestMember, role: 'member' | 'steward') {
  const invitees = [{ handle: who.handle, role }];
  expect(await answer(by.call('POST', path('/invitations'), { invitees }))).toBe(200);
  expect(await answer(who.call('POST', path('/join'), {}))).toBe(200);
}

/** A project of the owner's with a steward and a member. */
beforeEach(async () => {
  const made = await owner.call('POST', '/api/projects', { name: 'Night radio' });
  projectId = made.json.project.projectId;
  await invite(owner, steward, 'steward');
  await invite(owner, member, 'member');
});

const rolesNow = async () => {
  const { json } = await owner.call('GET', path('/members'));
  return json.members.map(({ handle, role }: { handle: string; role: string }) => [handle, role]);
};

describe('members of a project', () => {
  it('come by name, and see who is what', async () => {
    expect(await rolesNow()).toEqual([
      ['olga', 'owner'],
      ['stella', 'steward'],
      ['mia', 'member'],
    ]);
    const { json } = await member.call('GET', path());
    expect(json.project).toMatchObject({ role: 'member', memberCount: 3, visibility: 'public' });
    expect(await answer(stranger.call('GET', path('/members')))).toBe('forbidden');
  });

  it('are invited by name on their own page, and may decline', async () => {
    const invitees = [{ handle: 'stranger', role: 'member' }];
    await steward.call('POST', path('/invitations'), { invitees });
    const invited = async () => (await stranger.call('GET', '/api/projects')).json.invited;
    expect(await invited()).toEqual([
      expect.objectContaining({ projectId, invitedAs: 'member', name: 'Night radio' }),
    ]);
    expect(await answer(stranger.call('DELETE', path('/invitation')))).toBe(204);
    expect(await invited()).toEqual([]);
    expect(await answer(stranger.call('POST', path('/join'), {}))).toBe('invite-revoked');
  });

  it('may be members and stewards by what they are', async () => {
    const asSteward = { invitees: [{ handle: 'stranger', role: 'steward' }] };
    expect(await answer(steward.call('POST', path('/invitations'), asSteward))).toBe('forbidden');
    expect(await answer(member.call('POST', path('/invitations'), {}))).toBe('forbidden');
    const role = (by: TestMember, of: TestMember, role: string) =>
      answer(by.call('PATCH', path(`/members/${of.userId}`), { role }));
    expect(await role(steward, member, 'steward')).toBe('forbidden');
    expect(await role(owner, member, 'steward')).toBe(200);
    expect(await role(owner, owner, 'member')).toBe('forbidden');
    expect(await role(owner, stranger, 'member')).toBe('not-found');
    const remove = (by: TestMember, of: TestMember) =>
      answer(by.call('DELETE', path(`/members/${of.userId}`)));
    expect(await remove(steward, member)).toBe('forbidden');
    expect(await role(owner, member, 'member')).toBe(200);
    expect(await remove(steward, member)).toBe(204);
    expect(await remove(owner, owner)).toBe('forbidden');
    expect(await remove(steward, steward)).toBe(204);
    expect(await rolesNow()).toEqual([['olga', 'owner']]);
  });

  it('can be given the project, which always has one owner', async () => {
    const handed = await owner.call('PATCH', path(`/members/${steward.userId}`), { role: 'owner' });
    expect(handed.json.members.map(({ role }: { role: string }) => role)).toEqual([
      'owner',
      'steward',
      'member',
    ]);
    expect(await answer(owner.call('PATCH', path(), { name: 'Mine' }))).toBe('forbidden');
    expect(await answer(steward.call('PATCH', path(), { name: 'Day radio' }))).toBe(200);
    expect((await guest.call('GET', path())).json.project).toMatchObject({
      name: 'Day radio',
      owner: { handle: 'stella' },
    });
  });

  it('post and go live there, and nobody else does', async () => {
    const post = (by: TestMember) =>
      answer(by.call('POST', '/api/posts', { text: 'Hello', context: 'project', projectId }));
    const room = (by: TestMember) =>
      answer(
        by.call('POST', '/api/signaling/rooms', {
          ...{ context: 'project', projectId, title: 'Pilot', visibility: 'public' },
        }),
      );
    for (const may of [owner, steward, member]) {
      expect([await post(may), await room(may)]).toEqual([201, 201]);
    }
    expect([await post(stranger), await room(stranger)]).toEqual(['forbidden', 'forbidden']);
    expect(await answer(owner.call('DELETE', path()))).toBe('project-not-empty');
  });

  it('who look after it come into its rooms as cohosts', async () => {
    const { json } = await member.call('POST', '/api/signaling/rooms', {
      ...{ context: 'project', projectId, title: 'Pilot', visibility: 'invite-only' },
    });
    const join = (who: TestMember) =>
      who.call('POST', `/api/signaling/rooms/${json.room.roomId}/join`, {});
    expect((await join(steward)).json.participant.role).toBe('cohost');
    expect((await join(owner)).json.participant.role).toBe('cohost');
    expect((await join(stranger)).json.code).toBe('invite-required');
    const mute = await steward.call(
      'PATCH',
      `/api/signaling/rooms/${json.room.roomId}/participants/${(await join(owner)).json.peerId}`,
      { action: 'mute', scope: 'audio' },
    );
    expect(mute.json.code).toBe('forbidden');
  });
});

describe('a link into a project', () => {
  async function link(options: object = {}): Promise<string> {
    const { json } = await owner.call('POST', path('/invitations'), { link: options });
    return String(new URL(json.link).hash.replace('#invite=', ''));
  }
  const join = (who: TestMember, token: string) =>
    answer(who.call('POST', path('/join'), { token }));

  it('lets whoever has it in, as often as it says', async () => {
    const token = await link({ maxUses: 1, role: 'steward' });
    const look = await stranger.call('POST', path('/invitation'), { token });
    expect(look.json.project).toMatchObject({ projectId, name: 'Night radio' });
    expect(await join(member, token)).toBe(200);
    expect(await join(stranger, token)).toBe(200);
    expect(await rolesNow()).toContainEqual(['stranger', 'steward']);
    const another = await memberOf(node, 'another');
    expect(await join(another, token)).toBe('invite-used');
  });

  it('runs out, can be taken back, and is nobody’s to guess', async () => {
    const token = await link({ lifetimeDays: 1 });
    const other = await link();
    node.clock.nowMs += 25 * 3_600_000;
    expect(await answer(stranger.call('POST', path('/join'), { token }))).toBe('auth-failed');
    node.clock.nowMs -= 25 * 3_600_000;
    const { json } = await owner.call('POST', path('/invitations'), {});
    const [newest] = json.invitations;
    expect(newest).toMatchObject({ state: 'pending', uses: 0, role: 'member' });
    expect(JSON.stringify(json)).not.toContain(other);
    await owner.call('POST', path('/invitations'), { revoke: [newest.invitationId] });
    expect(await join(stranger, other)).toBe('invite-revoked');
    expect(await join(stranger, 'x'.repeat(43))).toBe('invite-invalid');
    expect(await join(guest, token)).toBe('forbidden');
    expect(await answer(owner.call('POST', path('/invitations'), { revoke: ['pinv_none'] }))).toBe(
      'invite-not-found',
    );
  });
});

describe('a private project', () => {
  const people = () => ({ nobody: undefined, guest, stranger });
  let roomId: string;
  let postId: string;
  let streamPostId: string;

  beforeEach(async () => {
    await owner.call('PATCH', path(), { visibility: 'private', name: 'Hidden choir' });
    const room = await owner.call('POST', '/api/signaling/rooms', {
      ...{ context: 'project', projectId, title: 'Zanzibar', visibility: 'public' },
    });
    roomId = room.json.room.roomId;
    expect(room.json.room.visibility).toBe('followers');
    const posted = await member.call('POST', '/api/posts', {
      ...{ text: 'Zanzibar tonight', context: 'project', projectId },
    });
    postId = posted.json.post.postId;
    const promoted = await owner.call('POST', `/api/signaling/rooms/${roomId}/promote`, {});
    streamPostId = promoted.json.postId;
  });

  /** Each operation that reads, with what it says to somebody outside. */
  const READS: Record<string, () => readonly [path: string, outside: string | number]> = {
    'GET /api/projects': () => ['/api/projects', 200],
    'GET /api/projects/{projectId}': () => [path(), 'project-not-found'],
    'GET /api/projects/{projectId}/members': () => [path('/members'), 'project-not-found'],
    'GET /api/feeds/project/{projectId}': () => [
      `/api/feeds/project/${projectId}`,
      'project-not-found',
    ],
    'GET /api/feeds/profile/{handle}': () => ['/api/feeds/profile/olga', 200],
    'GET /api/posts/{postId}': () => [`/api/posts/${postId}`, 'post-not-found'],
    'GET /api/posts/{postId} (live)': () => [`/api/posts/${streamPostId}`, 'post-not-found'],
    'GET /api/search': () => ['/api/search?q=zanzibar', 200],
    'GET /api/signaling/rooms': () => ['/api/signaling/rooms', 200],
    'GET /api/signaling/rooms/{roomId}': () => [`/api/signaling/rooms/${roomId}`, 'room-not-found'],
    'GET /api/signaling/rooms/{roomId}/participants': () => [
      `/api/signaling/rooms/${roomId}/participants`,
      'room-not-found',
    ],
    'GET /api/signaling/rooms/{roomId}/knocks': () => [
      `/api/signaling/rooms/${roomId}/knocks`,
      'forbidden',
    ],
    'GET /api/signaling/rooms/{roomId}/moderation/log': () => [
      `/api/signaling/rooms/${roomId}/moderation/log`,
      'forbidden',
    ],
  };
  const HARMLESS = [
    ...['/.well-known/jwks.json', '/api/node', '/api/openapi.json', '/healthz', '/metrics'],
    '/api/signaling/ice-servers',
  ].map((harmless) => `GET ${harmless}`);

  it('has every operation that reads looked at here', async () => {
    const { json } = await node.request('GET', '/api/openapi.json');
    const reads = Object.entries<object>(json.paths)
      .filter(([, methods]) => 'get' in methods)
      .map(([template]) => `GET ${template}`);
    const looked = Object.keys(READS).map((name) => name.replace(/ \(.*\)$/, ''));
    expect([...new Set([...looked, ...HARMLESS])].sort()).toEqual(reads.sort());
  });

  it.each(Object.keys(READS))('tells nothing to anybody outside: %s', async (name) => {
    for (const [who, person] of Object.entries(people())) {
      const [asked, outside] = READS[name]?.() ?? ['', ''];
      const { status, text } = person
        ? await person.call('GET', asked)
        : await node.request('GET', asked);
      const said = status < 400 ? status : JSON.parse(text).code;
      // Who is not signed in may be told to sign in first, whether there is anything or not.
      const expected = who === 'nobody' && said === 'auth-required' ? 'auth-required' : outside;
      expect([who, said]).toEqual([who, expected]);
      expect(text).not.toMatch(/zanzibar|hidden choir/i);
      if (asked.includes(projectId)) continue;
      expect(text).not.toContain(projectId);
    }
  });

  it.each(Object.keys(READS).filter((name) => !/knocks|log/.test(name)))(
    'is there for its members: %s',
    async (name) => {
      const [asked] = READS[name]?.() ?? [''];
      expect((await member.call('GET', asked)).status).toBe(200);
    },
  );

  it('can’t be joined or entered from outside, whatever link is shown', async () => {
    const { json } = await owner.call('POST', `/api/signaling/rooms/${roomId}/invitations`, {
      invitees: [{ role: 'speaker' }],
    });
    const { token } = json.invites[0];
    for (const person of [stranger, guest]) {
      const join = (body: object) =>
        answer(person.call('POST', `/api/signaling/rooms/${roomId}/join`, body));
      expect(await join({})).toBe('room-not-found');
      expect(await join({ knock: true })).toBe('room-not-found');
      expect(await join({ invitationToken: token })).toBe('room-not-found');
    }
    expect(await answer(stranger.call('POST', path('/join'), {}))).toBe('invite-required');
    const socket = await socketOf(stranger);
    socket.send({ type: 'feed:follow', requestId: 'f', feed: { projectId } });
    expect(await socket.next('error')).toMatchObject({ code: 'project-not-found' });
  });

  it('is closed to whoever was taken out, at once: rooms, feeds and news', async () => {
    const join = await member.call('POST', `/api/signaling/rooms/${roomId}/join`, {});
    expect(join.status).toBe(200);
    const socket = await socketOf(member);
    socket.send({ type: 'feed:follow', feed: { projectId } });
    await socket.next('feed:followed');
    await owner.call('DELETE', path(`/members/${member.userId}`));
    expect(await socket.next('room:ended')).toMatchObject({ roomId, reason: 'removed' });
    const { json } = await owner.call('GET', `/api/signaling/rooms/${roomId}/participants`);
    expect(json.participants.map((p: { userId: string }) => p.userId)).not.toContain(member.userId);
    await owner.call('POST', '/api/posts', { text: 'Secret', context: 'project', projectId });
    expect(await answer(member.call('GET', `/api/posts/${postId}`))).toBe('post-not-found');
    expect(await answer(member.call('GET', `/api/signaling/rooms/${roomId}`))).toBe(
      'room-not-found',
    );
    await socket.settled();
    expect(socket.received.map(({ type }) => type)).not.toContain('post:created');
  });

  it('opens again when it is made public', async () => {
    await owner.call('PATCH', path(), { visibility: 'public' });
    expect(await answer(stranger.call('GET', path()))).toBe(200);
    expect(await answer(stranger.call('GET', `/api/posts/${postId}`))).toBe(200);
  });
});
