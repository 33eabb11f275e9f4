import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../../protocol/messages.ts';
import type { Invite } from '../../../protocol/rooms.ts';
import { guestOf, memberOf, startNode, type TestMember, type TestNode } from './node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;
let guest: TestMember;
let roomId: string;
let open: Invite;

beforeEach(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
  guest = await guestOf(node, 'guest-1');
  const created = await ann.createRoom({
    visibility: 'invite-only',
    invitees: [{ role: 'speaker', label: 'Everybody' }],
  });
  roomId = created.room.roomId;
  [open] = created.invites as [Invite];
});
afterEach(() => node.close());

const path = (rest = '') => `/api/signaling/rooms/${roomId}${rest}`;
const update = (who: TestMember, body?: object) => who.call('POST', path('/invitations'), body);
const join = (who: TestMember, invitationToken?: string) =>
  who.call('POST', path('/join'), { invitationToken });
const states = async () => {
  const { json } = await update(ann);
  return json.invites.map(({ state }: Invite) => state);
};

async function mint(invitee: object): Promise<Invite> {
  const { json } = await update(ann, { invitees: [invitee] });
  return json.invites[0];
}

describe('an invitation', () => {
  it('is minted with a name, a role and an end, and read back newest first', async () => {
    const press = await mint({ label: 'Press', role: 'listener', expiresIn: 3600 });
    expect(press).toMatchObject({ label: 'Press', role: 'listener', state: 'pending' });
    expect(press.link).toBe(`${node.url}/join/${roomId}#invite=${press.token}`);
    expect(Date.parse(press.expiresAt)).toBeLessThanOrEqual(node.clock.nowMs + 3_600_000);
    const { json } = await update(ann);
    expect(json.invites).toMatchObject([press, open]);
    expect((await join(bob, press.token)).json.participant.role).toBe('listener');
  });

  it('says what became of it', async () => {
    const single = await mint({ role: 'speaker', singleUse: true, label: 'One of you' });
    await mint({ role: 'speaker', expiresIn: 60 });
    const revoked = await mint({ role: 'speaker' });
    await join(bob, single.token);
    await join(guest, open.token);
    await update(ann, { revoke: [revoked.inviteId] });
    node.clock.advance(60_000);
    expect(await states()).toEqual(['revoked', 'expired', 'used', 'pending']);
    const { json } = await update(ann);
    expect(json.invites[2].usedBy).toEqual([
      { userId: bob.userId, displayName: 'The one called bob' },
    ]);
    expect((await join(guest, single.token)).status).toBe(200);
    const late = await guestOf(node, 'guest-2');
    expect((await join(late, single.token)).json.code).toBe('invite-used');
  });

  it('is not used up by the host who opens the link to try it', async () => {
    const single = await mint({ role: 'listener', singleUse: true });
    await ann.call('POST', path('/leave'));
    expect((await join(ann, single.token)).json.participant.role).toBe('host');
    expect((await join(bob, single.token)).status).toBe(200);
  });
});

describe('taking an invitation back', () => {
  it('asks out whoever came by it, and nobody else', async () => {
    const other = await mint({ role: 'speaker' });
    const carol = await memberOf(node, 'carol');
    await join(carol, other.token);
    const socket = await guest.socket();
    await join(guest, open.token);
    await update(ann, { revoke: [open.inviteId] });
    expect(await socket.next('room:ended')).toMatchObject({ roomId, reason: 'invite-revoked' });
    const { json } = await ann.call('GET', path('/participants'));
    expect(json.participants.map(({ handle }: { handle: string }) => handle)).toEqual([
      'ann',
      'carol',
    ]);
    expect((await join(guest)).json.code).toBe('invite-required');
    expect((await join(guest, open.token)).json.code).toBe('invite-revoked');
    expect((await guest.call('GET', path())).json.code).toBe('invite-required');
    expect((await join(guest, other.token)).status).toBe(200);
  });

  it('also keeps out who came by it and is away, or came back without it', async () => {
    await join(guest, open.token);
    await guest.call('POST', path('/leave'));
    await join(bob, open.token);
    await bob.call('POST', path('/leave'));
    await join(bob);
    await update(ann, { revoke: [open.inviteId] });
    for (const person of [bob, guest]) {
      expect((await join(person)).json.code).toBe('invite-required');
    }
    expect(node.registry.participants(roomId)).toHaveLength(1);
  });

  it('leaves those in who have another', async () => {
    const other = await mint({ role: 'speaker' });
    await join(bob, open.token);
    await bob.call('POST', path('/leave'));
    await join(bob, other.token);
    await update(ann, { revoke: [open.inviteId] });
    expect(node.registry.participants(roomId)).toHaveLength(2);
  });

  it('can’t be undone by a mesh ticket', async () => {
    const { meshTicket } = (await join(guest, open.token)).json;
    await update(ann, { revoke: [open.inviteId] });
    const socket = await guest.socket();
    socket.send({ type: 'room:join', roomId, meshTicket });
    expect(await socket.next('error')).toMatchObject({ code: 'invite-required' });
  });

  it('that does not exist does nothing else that was asked for', async () => {
    const refused = await update(ann, {
      invitees: [{ role: 'speaker' }],
      revoke: [open.inviteId, 'inv_unknown'],
    });
    expect(refused).toMatchObject({ status: 404, json: { code: 'invite-not-found' } });
    expect(await states()).toEqual(['pending']);
  });

  it('twice is the same as once', async () => {
    await update(ann, { revoke: [open.inviteId] });
    expect((await update(ann, { revoke: [open.inviteId] })).status).toBe(200);
  });
});

describe('who handles invitations', () => {
  it('a cohost does, up to the role of speaker', async () => {
    const forCohost = await mint({ handle: 'bob', role: 'cohost' });
    await join(bob, forCohost.token);
    expect((await update(bob, { invitees: [{ role: 'speaker' }] })).status).toBe(200);
    for (const body of [
      { invitees: [{ role: 'listener' }, { role: 'cohost' }] },
      { revoke: [open.inviteId, forCohost.inviteId] },
    ]) {
      expect((await update(bob, body)).json.code).toBe('forbidden');
    }
    expect(await states()).toEqual(['pending', 'used', 'pending']);
  });

  it('not a cohost where another cohost came by the link', async () => {
    const carol = await memberOf(node, 'carol');
    const { peerId } = (await join(carol, open.token)).json;
    await ann.call('PATCH', path(`/participants/${peerId}`), { action: 'promote', role: 'cohost' });
    await join(bob, (await mint({ role: 'cohost' })).token);
    expect((await update(bob, { revoke: [open.inviteId] })).json.code).toBe('forbidden');
    expect((await update(ann, { revoke: [open.inviteId] })).status).toBe(200);
  });

  it('nobody else, not even to read them', async () => {
    await join(bob, open.token);
    const link = await mint({ role: 'cohost' });
    await join(guest, link.token);
    for (const person of [bob, guest]) {
      expect((await update(person)).json.code).toBe('forbidden');
    }
  });

  it('not in a room that has ended, but they can still be read', async () => {
    await ann.call('DELETE', path());
    expect((await update(ann, { invitees: [{ role: 'speaker' }] })).json.code).toBe('room-closed');
    expect(await states()).toEqual(['pending']);
  });

  it('not without end', async () => {
    const many = Array.from({ length: 50 }, () => ({ role: 'speaker' as const }));
    for (let round = 0; round < 19; round += 1) node.registry.invites.mint(roomId, many);
    expect((await update(ann, { invitees: many })).json.code).toBe('rate-limited');
    expect(await states()).toHaveLength(951);
  });
});

describe('moderators on their sockets', () => {
  it('hear of invitations that are minted, used and revoked; others never do', async () => {
    const host = await ann.socket();
    const other = await bob.socket();
    await join(bob, open.token);
    const used = await host.next('room:invites');
    expect(used.invites[0]?.usedBy).toMatchObject([{ userId: bob.userId }]);
    await mint({ role: 'listener' });
    await host.next('room:invites', ({ invites }) => invites.length === 2);
    await update(ann, { revoke: [open.inviteId] });
    await host.next('room:invites', ({ invites }) => invites[1]?.state === 'revoked');
    await other.settled();
    expect(other.received.map(({ type }) => type)).not.toContain('room:invites');
  });

  it('get no more of them in a message than 64 KiB carry', async () => {
    const host = await ann.socket();
    const sizes: number[] = [];
    host.raw.on('message', (data: Buffer) => sizes.push(data.length));
    const label = '\u0001'.repeat(60);
    const invitees = Array.from({ length: 50 }, () => ({ role: 'speaker', label }));
    host.send({
      type: 'room:create',
      ...{ context: 'profile', title: 'Big' },
      invitees,
      visibility: 'public',
    });
    expect((await host.next('room:created')).invites.length).toBeGreaterThan(10);
    await update(ann, { invitees });
    expect((await host.next('room:invites')).invites.length).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
  });
});
