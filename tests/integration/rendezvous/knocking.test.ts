import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KNOCK_LIMITS } from '../../../main/rendezvous/room-knocks.ts';
import {
  guestOf,
  memberOf,
  startNode,
  type TestMember,
  type TestNode,
  type TestSocket,
} from './node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;
let roomId: string;
let host: TestSocket;

beforeEach(async () => {
  node = await startNode({ capacity: 30 });
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
  roomId = (await ann.createRoom({ visibility: 'invite-only' })).room.roomId;
  host = await ann.socket();
});
afterEach(() => node.close());

const path = (rest = '') => `/api/signaling/rooms/${roomId}${rest}`;
const knock = (who: TestMember) => who.call('POST', path('/join'), { knock: true });
const answer = (who: TestMember, peerId: string, body: object) =>
  who.call('PATCH', path(`/participants/${peerId}`), body);
const knocks = async () => (await ann.call('GET', path('/knocks'))).json.knocks;

describe('somebody without an invitation', () => {
  it('is refused, unless they knock and are let in', async () => {
    const refused = await bob.call('POST', path('/join'), {});
    expect(refused).toMatchObject({ status: 403, json: { code: 'invite-required' } });
    const socket = await bob.socket();
    socket.send({ type: 'room:join', roomId, knock: true, requestId: 'k1' });
    const { peerId } = await socket.next('room:pending');
    const told = await host.next('room:knocks');
    expect(told.knocks).toMatchObject([{ peerId, userId: bob.userId, handle: 'bob' }]);

    expect((await answer(ann, peerId, { action: 'approve' })).status).toBe(200);
    expect(await socket.next('room:admission')).toMatchObject({ roomId, status: 'approved' });
    expect((await host.next('room:knocks')).knocks).toEqual([]);
    const joined = await bob.join(roomId);
    expect(joined).toMatchObject({ peerId, participant: { role: 'speaker' } });
    expect((await answer(ann, peerId, { action: 'approve' })).json.participant.peerId).toBe(peerId);
  });

  it('may ask again and again over REST alone, and enters once approved', async () => {
    const first = await knock(bob);
    expect(first).toMatchObject({ status: 202, json: { status: 'pending' } });
    expect((await knock(bob)).json).toEqual(first.json);
    expect(await knocks()).toHaveLength(1);
    await answer(ann, first.json.peerId, { action: 'approve', role: 'listener' });
    const again = { action: 'approve', role: 'listener' };
    expect((await answer(ann, first.json.peerId, again)).status).toBe(200);
    const entered = await knock(bob);
    expect(entered).toMatchObject({ status: 200, json: { participant: { role: 'listener' } } });
  });

  it('waits a minute after a denial', async () => {
    const socket = await bob.socket();
    const { peerId } = (await knock(bob)).json;
    await answer(ann, peerId, { action: 'deny', reason: 'Private' });
    expect(await socket.next('room:admission')).toMatchObject({
      ...{ status: 'denied', reason: 'Private' },
    });
    expect((await answer(ann, peerId, { action: 'deny' })).status).toBe(200);
    expect((await answer(ann, peerId, { action: 'approve' })).json.code).toBe('peer-not-found');
    const refused = await knock(bob);
    expect(refused).toMatchObject({ status: 403, json: { code: 'knock-denied' } });
    expect(refused.json.detail).toContain('Private');
    node.clock.advance(60_000);
    expect((await knock(bob)).status).toBe(202);
  });

  it('enters at once where no approval is needed', async () => {
    const { room } = await ann.createRoom();
    const entered = await bob.call('POST', `/api/signaling/rooms/${room.roomId}/join`, {
      knock: true,
    });
    expect(entered.status).toBe(200);
  });

  it('hears what is wrong with the invitation they have, instead of waiting', async () => {
    const answered = await bob.call('POST', path('/join'), { knock: true, invitationToken: 'x' });
    expect(answered.json.code).toBe('invite-invalid');
  });

  it('who was taken out of an open room comes back by approval', async () => {
    const { room } = await ann.createRoom();
    roomId = room.roomId;
    const { peerId } = await bob.join(roomId);
    await answer(ann, peerId, { action: 'remove' });
    const waiting = await knock(bob);
    expect(waiting.status).toBe(202);
    await answer(ann, waiting.json.peerId, { action: 'approve' });
    expect((await bob.join(roomId)).peerId).toBe(waiting.json.peerId);
  });
});

describe('a knock', () => {
  it('is shown to a moderator who comes later', async () => {
    const { peerId } = (await knock(bob)).json;
    const later = await ann.socket();
    later.send({ type: 'room:join', roomId });
    expect((await later.next('room:knocks')).knocks).toMatchObject([{ peerId }]);
  });

  it('is shown to a new cohost, and to nobody who moderates nothing', async () => {
    const carol = await memberOf(node, 'carol');
    const { json } = await ann.call('POST', path('/invitations'));
    const joined = await carol.join(roomId, json.invites[0].token);
    const socket = await carol.socket();
    await knock(bob);
    await host.next('room:knocks');
    await socket.settled();
    expect(socket.received.map(({ type }) => type)).not.toContain('room:knocks');
    expect((await carol.call('GET', path('/knocks'))).json.code).toBe('forbidden');
    await answer(ann, joined.peerId, { action: 'promote', role: 'cohost' });
    expect((await socket.next('room:knocks')).knocks).toHaveLength(1);
  });

  it('ends when the last socket of who knocked closes', async () => {
    const [first, second] = [await bob.socket(), await bob.socket()];
    await knock(bob);
    await host.next('room:knocks', ({ knocks }) => knocks.length === 1);
    await first.close();
    await second.settled();
    expect(await knocks()).toHaveLength(1);
    await second.close();
    await host.next('room:knocks', ({ knocks }) => knocks.length === 0);
  });

  it('ends after ten minutes without an answer, and says so', async () => {
    const socket = await bob.socket();
    await knock(bob);
    node.clock.advance(KNOCK_LIMITS.patienceMs - 1);
    node.tick();
    expect(node.registry.knocks.list(roomId)).toHaveLength(1);
    node.clock.advance(1);
    node.tick();
    expect(node.registry.knocks.list(roomId)).toEqual([]);
    expect(await socket.next('room:admission')).toMatchObject({ status: 'denied' });
  });

  it('ends with the room', async () => {
    const socket = await bob.socket();
    await knock(bob);
    await ann.call('DELETE', path());
    expect(await socket.next('room:ended')).toMatchObject({ roomId, reason: 'ended-by-host' });
    expect(await knocks()).toEqual([]);
    expect((await knock(bob)).json.code).toBe('room-closed');
  });

  it('is answered by a ban, too', async () => {
    const socket = await bob.socket();
    const { peerId } = (await knock(bob)).json;
    await ann.call('POST', path('/moderation'), { action: 'ban', targetPeerId: peerId });
    expect(await socket.next('room:admission')).toMatchObject({ status: 'denied' });
    expect((await knock(bob)).json.code).toBe('banned');
  });

  it('is refused while twenty others wait', async () => {
    for (let i = 0; i < KNOCK_LIMITS.waiting; i += 1) {
      expect((await knock(await guestOf(node, `guest-${i}`))).status).toBe(202);
    }
    expect(await knock(bob)).toMatchObject({ status: 409, json: { code: 'room-full' } });
  });

  it('is a moderator’s to answer, a cohost’s only up to speaker', async () => {
    const carol = await memberOf(node, 'carol');
    const { json } = await ann.call('POST', path('/invitations'));
    const joined = await carol.join(roomId, json.invites[0].token);
    const { peerId } = (await knock(bob)).json;
    expect((await answer(carol, peerId, { action: 'approve' })).json.code).toBe('forbidden');
    expect((await answer(bob, peerId, { action: 'approve' })).json.code).toBe('forbidden');
    await answer(ann, joined.peerId, { action: 'promote', role: 'cohost' });
    const asCohost = await answer(carol, peerId, { action: 'approve', role: 'cohost' });
    expect(asCohost.json.code).toBe('forbidden');
    expect((await answer(carol, peerId, { action: 'deny' })).status).toBe(200);
  });
});
