import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guestOf, memberOf, startNode, type TestMember, type TestNode } from './node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;
let guest: TestMember;

beforeEach(async () => {
  node = await startNode({ capacity: 3 });
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
  guest = await guestOf(node, 'guest-1');
});
afterEach(() => node.close());

const path = (roomId: string, rest = '') => `/api/signaling/rooms/${roomId}${rest}`;

describe('creating a room', () => {
  it('puts the creator in it as host, and gives a link to share', async () => {
    const { room, participant, peerId, invites } = await ann.createRoom({ title: ' Hello ' });
    expect(room).toMatchObject({
      title: 'Hello',
      state: 'live',
      broadcast: 'backstage',
      recording: 'off',
      participantCount: 1,
      host: { userId: ann.userId, handle: 'ann' },
    });
    expect(participant).toMatchObject({ peerId, userId: ann.userId, role: 'host' });
    expect(invites).toMatchObject([{ role: 'speaker', state: 'pending' }]);
    const link = new URL(invites[0]?.link ?? '');
    expect(link.origin).toBe(node.url);
    expect(link.pathname).toBe(`/join/${room.roomId}`);
    expect(link.hash).toBe(`#invite=${invites[0]?.token}`);
  });

  it('mints an invitation for each person named, and no open one', async () => {
    const { invites } = await ann.createRoom({
      visibility: 'invite-only',
      invitees: [
        { handle: 'bob', role: 'cohost' },
        { handle: 'carol', role: 'listener' },
      ],
    });
    expect(invites).toMatchObject([
      { handle: 'bob', role: 'cohost' },
      { handle: 'carol', role: 'listener' },
    ]);
  });

  it('hands out a mesh ticket that peers can check', async () => {
    const { room, peerId, meshTicket } = await ann.createRoom();
    const jwks = await node.request('GET', '/.well-known/jwks.json');
    const { payload } = await jwtVerify(meshTicket, createLocalJWKSet(jwks.json));
    expect(payload).toMatchObject({
      sub: ann.userId,
      jkt: ann.publicKey,
      room: room.roomId,
      peer: peerId,
      role: 'host',
    });
  });

  it('in a project needs the project to be one’s own', async () => {
    const { json } = await ann.call('POST', '/api/projects', { name: 'Garden' });
    const request = {
      context: 'project',
      projectId: json.project.projectId,
      title: 'x',
      visibility: 'public',
    };
    expect((await ann.call('POST', '/api/signaling/rooms', request)).status).toBe(201);
    expect((await bob.call('POST', '/api/signaling/rooms', request)).json.code).toBe('forbidden');
    const unknown = { ...request, projectId: `proj_${'x'.repeat(16)}` };
    expect((await ann.call('POST', '/api/signaling/rooms', unknown)).json.code).toBe(
      'project-not-found',
    );
  });

  it('names each field that is wrong', async () => {
    const answer = await ann.call('POST', '/api/signaling/rooms', {
      context: 'project',
      title: '',
      visibility: 'secret',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const paths = answer.json.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['title', 'visibility']));
  });

  it('opens an ended room of one’s own again', async () => {
    const { room } = await ann.createRoom();
    await ann.call('DELETE', path(room.roomId));
    const again = await ann.createRoom({ roomId: room.roomId, title: 'Second evening' });
    expect(again.room).toMatchObject({
      roomId: room.roomId,
      title: 'Second evening',
      state: 'live',
      broadcast: 'backstage',
    });
    expect(again.room.endedAt).toBeUndefined();
    const taken = await bob.call('POST', '/api/signaling/rooms', {
      roomId: room.roomId,
      context: 'profile',
      title: 'x',
      visibility: 'public',
    });
    expect(taken.json.code).toBe('forbidden');
  });
});

describe('joining a room', () => {
  it('again gives the same participant', async () => {
    const { room } = await ann.createRoom();
    const first = await bob.join(room.roomId);
    const second = await bob.join(room.roomId);
    expect(second.peerId).toBe(first.peerId);
    expect(second.room.participantCount).toBe(2);
  });

  it('works without a body', async () => {
    const { room } = await ann.createRoom();
    expect((await bob.call('POST', path(room.roomId, '/join'))).status).toBe(200);
    const headers = { 'content-type': 'application/json' };
    const empty = await guest.call('POST', path(room.roomId, '/join'), undefined, headers);
    expect(empty.status).toBe(200);
  });

  it('that is invite-only takes an invitation, also for members', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only' });
    for (const person of [bob, guest]) {
      const refused = await person.call('POST', path(room.roomId, '/join'), {});
      expect(refused).toMatchObject({ status: 403, json: { code: 'invite-required' } });
      expect((await person.call('GET', path(room.roomId))).json.code).toBe('invite-required');
      const joined = await person.join(room.roomId, invites[0]?.token);
      expect(joined.participant.role).toBe('speaker');
      expect((await person.call('GET', path(room.roomId))).status).toBe(200);
    }
  });

  it('with somebody else’s named invitation is refused once it has been used', async () => {
    const { room, invites } = await ann.createRoom({
      visibility: 'invite-only',
      invitees: [{ handle: 'bob', role: 'cohost' }],
    });
    expect((await bob.join(room.roomId, invites[0]?.token)).participant.role).toBe('cohost');
    const second = await guest.call('POST', path(room.roomId, '/join'), {
      invitationToken: invites[0]?.token,
    });
    expect(second.json.code).toBe('invite-used');
  });

  it('can be preceded by a look at it, with the invitation in a header', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only', title: 'Quiet' });
    const shown = { 'swarm-invitation': invites[0]?.token ?? '' };
    const looks = [
      await node.request('GET', path(room.roomId), undefined, shown),
      await guest.call('GET', path(room.roomId), undefined, shown),
    ];
    for (const look of looks) {
      expect(look).toMatchObject({ status: 200, json: { room: { title: 'Quiet' } } });
      expect(look.json.room.host.handle).toBe('ann');
    }
    // Nothing else is to be had by it, and looking lets nobody in.
    const people = await guest.call('GET', path(room.roomId, '/participants'), undefined, shown);
    expect(people.json.code).toBe('invite-required');
    expect((await guest.call('GET', path(room.roomId))).json.code).toBe('invite-required');
    expect((await guest.call('GET', '/api/signaling/rooms', undefined, shown)).json.rooms).toEqual(
      [],
    );
  });

  it('can’t be looked at with an invitation that would not let one in', async () => {
    const { room, invites } = await ann.createRoom({
      visibility: 'invite-only',
      invitees: [{ handle: 'bob', role: 'cohost' }],
    });
    const token = invites[0]?.token ?? '';
    const other = await ann.createRoom();
    const look = async (person: TestMember | undefined, shown: string) => {
      const headers = { 'swarm-invitation': shown };
      const answer = person
        ? await person.call('GET', path(room.roomId), undefined, headers)
        : await node.request('GET', path(room.roomId), undefined, headers);
      return answer.json.code ?? answer.json.room.roomId;
    };
    expect(await look(undefined, 'nonsense')).toBe('invite-invalid');
    expect(await look(guest, other.invites[0]?.token ?? '')).toBe('invite-invalid');
    expect(await look(guest, bob.token)).toBe('invite-invalid');
    expect(await look(guest, 'x'.repeat(3000))).toBe('validation-failed');

    await bob.join(room.roomId, token);
    await bob.call('POST', path(room.roomId, '/leave'));
    expect(await look(bob, token)).toBe(room.roomId);
    expect(await look(undefined, token)).toBe('invite-used');
    expect(await look(guest, token)).toBe('invite-used');

    node.clock.advance(25 * 3_600_000);
    await ann.signIn();
    await guest.signIn({ guest: true });
    const reopened = await ann.createRoom({ roomId: room.roomId, visibility: 'invite-only' });
    expect(reopened.room.state).toBe('live');
    expect(await look(guest, token)).toBe('invite-expired');
    expect(await look(ann, reopened.invites[0]?.token ?? '')).toBe(room.roomId);

    await ann.call('DELETE', path(room.roomId));
    expect(await look(guest, reopened.invites[0]?.token ?? '')).toBe('room-closed');
  });

  it('with a bad invitation says what is wrong with it', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only' });
    const other = await ann.createRoom();
    const attempt = async (invitationToken: string | undefined) =>
      (await bob.call('POST', path(room.roomId, '/join'), { invitationToken })).json.code;
    expect(await attempt('nonsense')).toBe('invite-invalid');
    expect(await attempt(other.invites[0]?.token)).toBe('invite-invalid');
    expect(await attempt(bob.token)).toBe('invite-invalid');
    node.clock.advance(25 * 3_600_000);
    await bob.signIn();
    await ann.signIn();
    const reopened = await ann.createRoom({ roomId: room.roomId, visibility: 'invite-only' });
    expect(reopened.room.state).toBe('live');
    expect(await attempt(invites[0]?.token)).toBe('invite-expired');
  });

  it('that is full is refused, until somebody leaves', async () => {
    const { room } = await ann.createRoom();
    await bob.join(room.roomId);
    await guest.join(room.roomId);
    const carol = await memberOf(node, 'carol');
    const refused = await carol.call('POST', path(room.roomId, '/join'), {});
    expect(refused).toMatchObject({ status: 409, json: { code: 'room-full' } });
    await bob.call('POST', path(room.roomId, '/leave'));
    await carol.join(room.roomId);
  });

  it('needs a session, a room, and one that is open', async () => {
    const { room } = await ann.createRoom();
    const anonymous = await node.request('POST', path(room.roomId, '/join'), {});
    expect(anonymous).toMatchObject({ status: 401, json: { code: 'auth-required' } });
    const unknown = await bob.call('POST', path('room_doesnotexist', '/join'), {});
    expect(unknown).toMatchObject({ status: 404, json: { code: 'room-not-found' } });
    await ann.call('DELETE', path(room.roomId));
    const closed = await bob.call('POST', path(room.roomId, '/join'), {});
    expect(closed).toMatchObject({ status: 410, json: { code: 'room-closed' } });
  });
});

describe('what people see of rooms', () => {
  it('depends on who they are', async () => {
    const titles = async (headers: Record<string, string>) => {
      const { json } = await node.request('GET', '/api/signaling/rooms', undefined, headers);
      return json.rooms.map(({ title }: { title: string }) => title).sort();
    };
    const as = (member: TestMember) => ({ authorization: `Bearer ${member.token}` });
    await ann.createRoom({ title: 'public' });
    await ann.createRoom({ title: 'followers', visibility: 'followers' });
    const closed = await ann.createRoom({ title: 'closed', visibility: 'invite-only' });
    expect(await titles({})).toEqual(['public']);
    expect(await titles(as(guest))).toEqual(['public']);
    expect(await titles(as(bob))).toEqual(['followers', 'public']);
    expect(await titles(as(ann))).toEqual(['closed', 'followers', 'public']);
    await guest.join(closed.room.roomId, closed.invites[0]?.token);
    expect(await titles(as(guest))).toEqual(['closed', 'public']);
    await ann.call('DELETE', path(closed.room.roomId));
    expect(await titles(as(guest))).toEqual(['public']);
  });

  it('includes the roster, for those who may see the room', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only' });
    await bob.join(room.roomId, invites[0]?.token);
    const roster = await bob.call('GET', path(room.roomId, '/participants'));
    expect(roster.json.participants).toMatchObject([
      { handle: 'ann', role: 'host', muted: { audio: false, video: false }, status: 'active' },
      { handle: 'bob', role: 'speaker' },
    ]);
    const refused = await guest.call('GET', path(room.roomId, '/participants'));
    expect(refused.json.code).toBe('invite-required');
  });
});

describe('muting', () => {
  it('works for oneself, by kind', async () => {
    const { room } = await ann.createRoom();
    const { peerId } = await bob.join(room.roomId);
    const change = (body: object) =>
      bob.call('PATCH', path(room.roomId, `/participants/${peerId}`), body);
    const muted = await change({ action: 'mute', scope: 'both' });
    expect(muted.json.participant.muted).toEqual({ audio: true, video: true });
    const unmuted = await change({ action: 'unmute', scope: 'video' });
    expect(unmuted.json.participant.muted).toEqual({ audio: true, video: false });
    expect((await change({ action: 'mute', scope: 'all' })).json.code).toBe('validation-failed');
  });

  it('says for everybody that it is for want of a device, until it is lifted', async () => {
    const { room } = await ann.createRoom();
    const { peerId } = await bob.join(room.roomId);
    const change = (target: string, body: object) =>
      bob.call('PATCH', path(room.roomId, `/participants/${target}`), body);
    const lost = { action: 'mute', scope: 'video', deviceLost: true };
    expect((await change(peerId, lost)).json.participant).toMatchObject({
      muted: { audio: false, video: true },
      deviceLost: { audio: false, video: true },
    });
    const other = await change(peerId, { action: 'mute', scope: 'audio' });
    expect(other.json.participant.deviceLost).toEqual({ audio: false, video: true });
    const again = await change(peerId, { action: 'unmute', scope: 'video' });
    expect(again.json.participant.deviceLost).toBeUndefined();
    const ofAnother = await ann.call('PATCH', path(room.roomId, `/participants/${peerId}`), lost);
    expect(ofAnother.json.code).toBe('validation-failed');
  });

  it('does not work for others, strangers or people who are not there', async () => {
    const { room, peerId } = await ann.createRoom();
    const body = { action: 'mute', scope: 'audio' };
    const target = path(room.roomId, `/participants/${peerId}`);
    expect((await bob.call('PATCH', target, body)).json.code).toBe('forbidden');
    await bob.join(room.roomId);
    expect((await bob.call('PATCH', target, body)).json.code).toBe('forbidden');
    const nobody = path(room.roomId, '/participants/peer_doesnotexist');
    expect((await bob.call('PATCH', nobody, body)).json.code).toBe('peer-not-found');
  });
});

describe('leaving and ending', () => {
  it('leaving twice is the same as once', async () => {
    const { room } = await ann.createRoom();
    await bob.join(room.roomId);
    expect((await bob.call('POST', path(room.roomId, '/leave'))).status).toBe(204);
    expect((await bob.call('POST', path(room.roomId, '/leave'))).status).toBe(204);
    expect(node.registry.participants(room.roomId)).toHaveLength(1);
  });

  it('only the host ends a room, and once is enough', async () => {
    const { room } = await ann.createRoom();
    await bob.join(room.roomId);
    expect((await bob.call('DELETE', path(room.roomId))).json.code).toBe('forbidden');
    expect((await ann.call('DELETE', path(room.roomId))).status).toBe(204);
    expect((await ann.call('DELETE', path(room.roomId))).status).toBe(204);
    const ended = await bob.call('GET', path(room.roomId));
    expect(ended.json.room).toMatchObject({ state: 'ended', participantCount: 0 });
  });
});

describe('going live', () => {
  it('publishes one post that refers to the room, however often it is asked for', async () => {
    const { room } = await ann.createRoom();
    const first = await ann.call('POST', path(room.roomId, '/promote'), {
      title: 'Tonight',
      description: 'Come along',
      tags: ['music'],
    });
    expect(first.json.room).toMatchObject({ broadcast: 'broadcast', postId: first.json.postId });
    const second = await ann.call('POST', path(room.roomId, '/promote'));
    expect(second.json.postId).toBe(first.json.postId);
    const feed = await node.request('GET', '/api/feeds/profile/ann');
    expect(feed.json.posts).toMatchObject([
      {
        kind: 'stream',
        title: 'Tonight',
        text: 'Come along',
        tags: ['music'],
        roomId: room.roomId,
        liveStatus: 'live',
      },
    ]);
  });

  it('is for the host of an open room', async () => {
    const { room } = await ann.createRoom();
    await bob.join(room.roomId);
    expect((await bob.call('POST', path(room.roomId, '/promote'))).json.code).toBe('forbidden');
    await ann.call('DELETE', path(room.roomId));
    expect((await ann.call('POST', path(room.roomId, '/promote'))).json.code).toBe('room-closed');
  });

  it('ends with the room, in the feed too', async () => {
    const { room } = await ann.createRoom();
    const { json } = await ann.call('POST', path(room.roomId, '/promote'));
    await ann.call('DELETE', path(room.roomId));
    const post = await node.request('GET', `/api/posts/${json.postId}`);
    expect(post.json.post).toMatchObject({ liveStatus: 'ended', endsAt: expect.any(String) });
  });

  it('shows an invite-only stream to those who were let in, also later', async () => {
    const { room, invites } = await ann.createRoom({ visibility: 'invite-only' });
    const { json } = await ann.call('POST', path(room.roomId, '/promote'));
    const post = `/api/posts/${json.postId}`;
    expect((await guest.call('GET', post)).json.code).toBe('post-not-found');
    await guest.join(room.roomId, invites[0]?.token);
    expect((await guest.call('GET', post)).status).toBe(200);
    expect((await bob.call('GET', post)).json.code).toBe('post-not-found');
  });
});

describe('recording', () => {
  const record = (member: TestMember, roomId: string, enabled: boolean) =>
    member.call('POST', path(roomId, '/recording'), { enabled });

  it('is asked for by the host alone, and told to who records', async () => {
    const { room } = await ann.createRoom();
    await bob.join(room.roomId);
    const told: boolean[] = [];
    node.registry.on('recordingRequested', (_roomId, enabled) => told.push(enabled));
    expect((await record(bob, room.roomId, true)).json.code).toBe('forbidden');
    expect((await record(ann, room.roomId, true)).json.room.recording).toBe('starting');
    expect((await record(ann, room.roomId, true)).json.room.recording).toBe('starting');
    node.registry.setRecording(room.roomId, 'recording', { recordingId: 'rec_1' });
    const during = await bob.call('GET', path(room.roomId));
    expect(during.json.room).toMatchObject({ recording: 'recording', recordingId: 'rec_1' });
    expect((await record(ann, room.roomId, false)).json.room.recording).toBe('stopping');
    expect((await record(ann, room.roomId, true)).json.code).toBe('already-recording');
    expect(told).toEqual([true, false]);
  });

  it('tells everybody since when it has been running, until it is over', async () => {
    const { room } = await ann.createRoom({ recording: true });
    await bob.join(room.roomId);
    const startedAt = async () =>
      (await bob.call('GET', path(room.roomId))).json.room.recordingStartedAt;
    const say = (state: 'recording' | 'stopping' | 'off') =>
      node.registry.setRecording(room.roomId, state, { recordingId: 'rec_1' });
    expect(await startedAt()).toBeUndefined();
    const began = new Date(node.clock.nowMs).toISOString();
    say('recording');
    expect(await startedAt()).toBe(began);
    node.clock.advance(5000);
    say('recording');
    expect(await startedAt()).toBe(began);
    await record(ann, room.roomId, false);
    expect(await startedAt()).toBe(began);
    say('off');
    expect(await startedAt()).toBeUndefined();

    await record(ann, room.roomId, true);
    expect(await startedAt()).toBeUndefined();
    say('recording');
    expect(await startedAt()).toBe(new Date(node.clock.nowMs).toISOString());
  });

  it('is told to be paused, for how long, and what is amiss, until it is over', async () => {
    const { room } = await ann.createRoom({ recording: true });
    const { registry, clock } = node;
    const told = () => registry.require(room.roomId);
    const trouble = {
      code: 'storage-full' as const,
      message: 'The disk is full.',
      since: new Date(clock.nowMs).toISOString(),
    };
    registry.setRecording(room.roomId, 'recording', { recordingId: 'rec_1' });
    registry.setRecordingTrouble(room.roomId, trouble);
    registry.setRecordingPaused(room.roomId, true);
    const pausedAt = new Date(clock.nowMs).toISOString();
    expect(told()).toMatchObject({ recordingPausedAt: pausedAt, recordingTrouble: trouble });
    clock.advance(5_000);
    registry.setRecordingPaused(room.roomId, true);
    registry.setRecordingPaused(room.roomId, false);
    expect(told()).toMatchObject({ recordingPausedMs: 5_000 });
    expect(told().recordingPausedAt).toBeUndefined();
    registry.setRecording(room.roomId, 'off');
    expect(told().recordingPausedMs).toBeUndefined();
    expect(told().recordingTrouble).toBeUndefined();
  });

  it('can be asked for with the room', async () => {
    expect((await ann.createRoom({ recording: true })).room.recording).toBe('starting');
  });

  it('is told to have failed when it does not begin within 15 s', async () => {
    const { room } = await ann.createRoom({ recording: true });
    node.clock.advance(15_000);
    node.tick();
    expect((await ann.call('GET', path(room.roomId))).json.room).toMatchObject({
      recording: 'failed',
      recordingError: expect.stringContaining('never confirmed'),
    });
    expect((await record(ann, room.roomId, true)).json.room).toMatchObject({
      recording: 'starting',
    });
  });

  it('in progress is stopped by the end of the room', async () => {
    const { room } = await ann.createRoom({ recording: true });
    node.registry.setRecording(room.roomId, 'recording', { recordingId: 'rec_1' });
    await ann.call('DELETE', path(room.roomId));
    expect(node.registry.get(room.roomId)?.recording).toBe('stopping');
    expect((await record(ann, room.roomId, true)).json.code).toBe('room-closed');
  });
});

describe('a room nobody is in', () => {
  it('loses who falls silent and ends 90 s after the last', async () => {
    const { room } = await ann.createRoom();
    node.clock.advance(60_000);
    node.tick();
    expect(node.registry.participants(room.roomId)).toMatchObject([{ status: 'suspect' }]);
    node.clock.advance(30_000);
    node.tick();
    expect(node.registry.get(room.roomId)?.state).toBe('idle');
    node.clock.advance(89_999);
    node.tick();
    expect(node.registry.get(room.roomId)?.state).toBe('idle');
    node.clock.advance(1);
    node.tick();
    expect(node.registry.get(room.roomId)?.state).toBe('ended');
  });

  it('is forgotten a day after it ended', async () => {
    const { room } = await ann.createRoom();
    await ann.call('DELETE', path(room.roomId));
    node.clock.advance(24 * 3_600_000);
    node.tick();
    expect(node.registry.get(room.roomId)).toBeUndefined();
  });
});
