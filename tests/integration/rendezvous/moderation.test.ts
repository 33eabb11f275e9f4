import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reduceModeration } from '../../../protocol/moderation-state.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';
import type { JoinRoomResponse } from '../../../protocol/rooms.ts';
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
let carol: TestMember;
let roomId: string;
let link: string;
let host: JoinRoomResponse;
let annSocket: TestSocket;
let bobSocket: TestSocket;
let bobPeer: string;

/** Ann hosts an open room, Bob speaks in it; both are on their sockets. Carol is a member. */
beforeEach(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
  carol = await memberOf(node, 'carol');
  const created = await ann.createRoom({ visibility: 'followers' });
  host = created;
  roomId = created.room.roomId;
  link = created.invites[0]?.token ?? '';
  annSocket = await ann.socket();
  bobSocket = await bob.socket();
  bobPeer = (await bob.join(roomId, link)).peerId;
});
afterEach(() => node.close());

const path = (rest = '') => `/api/signaling/rooms/${roomId}${rest}`;
const patch = (who: TestMember, peerId: string, body: object) =>
  who.call('PATCH', path(`/participants/${peerId}`), body);
const moderate = (who: TestMember, body: object) => who.call('POST', path('/moderation'), body);
const log = async (who: TestMember) => (await who.call('GET', path('/moderation/log'))).json;
const join = async (who: TestMember, body: object = {}) => who.call('POST', path('/join'), body);
const rosterOf = async (handle: string) => {
  const { json } = await ann.call('GET', path('/participants'));
  return json.participants.find((one: { handle: string }) => one.handle === handle);
};
const in60s = () => new Date(node.clock.nowMs + 60_000).toISOString();

async function cohost(): Promise<JoinRoomResponse> {
  const joined = await carol.join(roomId);
  await patch(ann, joined.peerId, { action: 'promote', role: 'cohost' });
  return joined;
}

describe('muting somebody', () => {
  it('holds against them, and what they had chosen holds again when it is lifted', async () => {
    await patch(bob, bobPeer, { action: 'mute', scope: 'video' });
    const muted = await patch(ann, bobPeer, { action: 'mute', scope: 'audio', reason: 'Echo' });
    expect(muted.json.participant).toMatchObject({
      muted: { audio: true, video: true },
      mutedByModerator: { audio: true, video: false },
    });
    for (const scope of ['audio', 'both']) {
      const refused = await patch(bob, bobPeer, { action: 'unmute', scope });
      expect(refused).toMatchObject({ status: 403, json: { code: 'muted-by-moderator' } });
    }
    const lifted = await patch(ann, bobPeer, { action: 'unmute', scope: 'both' });
    expect(lifted.json.participant.muted).toEqual({ audio: false, video: true });
    expect((await patch(bob, bobPeer, { action: 'unmute', scope: 'both' })).status).toBe(200);
  });

  it('is told to everybody at once, with the signed event', async () => {
    await patch(ann, bobPeer, { action: 'mute', scope: 'audio', reason: 'Echo' });
    for (const socket of [annSocket, bobSocket]) {
      const told = await socket.next('moderation:applied');
      expect(told).toMatchObject({
        roomId,
        ...{ action: 'mute', targetPeerId: bobPeer, scope: 'audio', reason: 'Echo' },
        event: { actor: { userId: ann.userId, role: 'host' }, targetUserId: bob.userId },
      });
      const { event } = told;
      const { kid = '', signature } = event;
      expect(node.tokens.isOwnText(moderationText(event), { kid, signature })).toBe(true);
      expect(node.tokens.isOwnText(`${moderationText(event)} `, { kid, signature })).toBe(false);
    }
  });

  it('ends by itself, and is told once', async () => {
    await patch(ann, bobPeer, { action: 'mute', scope: 'both', expiresAt: in60s() });
    await patch(ann, bobPeer, { action: 'unmute', scope: 'video' });
    node.clock.advance(59_999);
    node.tick();
    expect((await rosterOf('bob')).mutedByModerator).toEqual({ audio: true, video: false });
    node.clock.advance(1);
    node.tick();
    node.tick();
    expect(await bobSocket.next('moderation:expired')).toMatchObject({
      ...{ action: 'mute', targetPeerId: bobPeer, scope: 'audio' },
    });
    expect((await rosterOf('bob')).muted).toEqual({ audio: false, video: false });
    node.clock.advance(1000);
    node.tick();
    await bobSocket.settled();
    const expired = bobSocket.received.filter(({ type }) => type === 'moderation:expired');
    expect(expired).toHaveLength(1);
  });

  it('can’t end in the past, and one can’t set a limit to one’s own', async () => {
    const past = { action: 'mute', scope: 'audio', expiresAt: '2020-01-01T00:00:00.000Z' };
    expect((await patch(ann, bobPeer, past)).json.code).toBe('validation-failed');
    const own = await patch(bob, bobPeer, { action: 'mute', scope: 'audio', expiresAt: in60s() });
    expect(own.json.errors).toMatchObject([{ path: 'expiresAt' }]);
  });

  it('follows them out and in again', async () => {
    await patch(ann, bobPeer, { action: 'mute', scope: 'audio' });
    await bob.call('POST', path('/leave'));
    expect((await bob.join(roomId)).participant.mutedByModerator.audio).toBe(true);
  });
});

describe('removing somebody', () => {
  it('ends their presence, and they come back by an invitation or approval alone', async () => {
    const { meshTicket } = await bob.join(roomId);
    const removed = await patch(ann, bobPeer, { action: 'remove' });
    expect(removed).toMatchObject({ status: 200, json: { event: { action: 'remove' } } });
    expect(removed.json.participant).toBeUndefined();
    expect(await bobSocket.next('room:ended')).toMatchObject({ reason: 'removed' });
    expect(await rosterOf('bob')).toBeUndefined();
    expect((await join(bob)).json.code).toBe('invite-required');
    expect((await bob.call('GET', path(''))).json.wayIn).toBe('ask');
    expect((await ann.call('GET', path(''))).json.wayIn).toBe('open');
    bobSocket.send({ type: 'room:join', roomId, meshTicket });
    expect(await bobSocket.next('error')).toMatchObject({ code: 'invite-required' });
    const back = await join(bob, { invitationToken: link });
    expect(back.status).toBe(200);
    expect(back.json.peerId).not.toBe(bobPeer);
    expect((await bob.call('GET', path(''))).json.wayIn).toBe('open');
  });
});

describe('a ban', () => {
  it('ends their presence and keeps them out, whatever they show', async () => {
    const { meshTicket } = await bob.join(roomId);
    const banned = await moderate(ann, {
      ...{ action: 'ban', targetPeerId: bobPeer, duration: 60, reason: 'Spam' },
    });
    expect(banned.json.event).toMatchObject({ targetUserId: bob.userId, expiresAt: in60s() });
    await bobSocket.next('moderation:applied');
    expect(await bobSocket.next('room:ended')).toMatchObject({ reason: 'banned' });
    const minted = await ann.call('POST', path('/invitations'), {
      invitees: [{ handle: 'bob', role: 'cohost' }],
    });
    for (const body of [
      {},
      { knock: true },
      { invitationToken: link },
      { invitationToken: minted.json.invites[0].token },
    ]) {
      const refused = await join(bob, body);
      expect(refused).toMatchObject({ status: 403, json: { code: 'banned' } });
      expect(refused.json.detail).toContain(new Date(node.clock.nowMs + 60_000).toUTCString());
      expect(refused.json.detail).toContain('Spam');
    }
    bobSocket.send({ type: 'room:join', roomId, meshTicket });
    expect(await bobSocket.next('error')).toMatchObject({ code: 'banned' });
    expect((await bob.call('GET', path('/participants'))).json.code).toBe('banned');
    expect((await bob.call('GET', path())).json.code).toBe('banned');
    expect((await bob.call('GET', '/api/signaling/rooms')).json.rooms).toEqual([]);
  });

  it('stops signalling from them and to them', async () => {
    await moderate(ann, { action: 'ban', targetPeerId: bobPeer });
    const signal = { type: 'signal:candidate', roomId, candidate: null };
    bobSocket.send({ ...signal, from: bobPeer, to: host.peerId });
    expect(await bobSocket.next('error')).toMatchObject({ code: 'banned' });
    annSocket.send({ ...signal, from: host.peerId, to: bobPeer });
    expect(await annSocket.next('error')).toMatchObject({ code: 'peer-not-found' });
  });

  it('takes back the invitation they came by, and nobody else is asked out', async () => {
    const guest = await guestOf(node, 'guest-1');
    await guest.join(roomId, link);
    await moderate(ann, { action: 'ban', targetPeerId: bobPeer });
    const { json } = await ann.call('POST', path('/invitations'), {});
    expect(json.invites).toMatchObject([{ state: 'revoked' }]);
    expect(await rosterOf('guest-1')).toBeDefined();
    const other = await guestOf(node, 'guest-2');
    expect((await join(other, { invitationToken: link })).json.code).toBe('invite-revoked');
  });

  it('runs out by itself, and is told once', async () => {
    await moderate(ann, { action: 'ban', targetPeerId: bobPeer, duration: 60 });
    node.clock.advance(59_999);
    expect((await join(bob)).json.code).toBe('banned');
    node.clock.advance(1);
    // Somebody asks before the node looks at its timers: it is told all the same.
    expect((await join(bob)).status).toBe(200);
    node.tick();
    expect(await annSocket.next('moderation:expired')).toMatchObject({
      ...{ action: 'ban', targetPeerId: bobPeer },
    });
  });

  it('is lifted by the peer they were, though it is gone', async () => {
    await moderate(ann, { action: 'ban', targetPeerId: bobPeer });
    const unban = { action: 'unban', targetPeerId: bobPeer };
    expect((await moderate(ann, { ...unban, duration: 5 })).json.code).toBe('validation-failed');
    expect((await moderate(ann, unban)).json.event).toMatchObject({ targetUserId: bob.userId });
    expect((await join(bob)).status).toBe(200);
    const unknown = { action: 'unban', targetPeerId: 'peer_doesnotexist' };
    expect((await moderate(ann, unknown)).json.code).toBe('peer-not-found');
  });

  it('outlives the room’s end', async () => {
    await moderate(ann, { action: 'ban', targetPeerId: bobPeer });
    await ann.call('DELETE', path());
    await ann.createRoom({ roomId, visibility: 'public' });
    expect((await join(bob)).json.code).toBe('banned');
  });
});

describe('a promotion or demotion', () => {
  it('comes with a fresh ticket, and outlives leaving', async () => {
    const { json } = await patch(ann, bobPeer, { action: 'promote', role: 'cohost' });
    expect(json.participant.role).toBe('cohost');
    const { meshTicket } = await bobSocket.next('ticket:renewed');
    expect(await node.tokens.verifyMeshTicket(meshTicket)).toMatchObject({
      ...{ peer: bobPeer, role: 'cohost' },
    });
    await patch(ann, bobPeer, { action: 'demote', role: 'listener' });
    await bob.call('POST', path('/leave'));
    const back = await bob.join(roomId, link);
    expect(back.participant.role).toBe('listener');
  });

  it('goes in its own direction', async () => {
    const up = await patch(ann, bobPeer, { action: 'demote', role: 'cohost' });
    expect(up.json).toMatchObject({ code: 'validation-failed', errors: [{ path: 'role' }] });
    const down = await patch(ann, bobPeer, { action: 'promote', role: 'listener' });
    expect(down.json.code).toBe('validation-failed');
  });
});

describe('who moderates', () => {
  it('a cohost does, but not the host, nor what makes cohosts', async () => {
    const { peerId } = await cohost();
    expect((await patch(carol, bobPeer, { action: 'mute', scope: 'audio' })).status).toBe(200);
    const onHost = await patch(carol, host.peerId, { action: 'mute', scope: 'audio' });
    expect(onHost.json.code).toBe('forbidden');
    const toCohost = await patch(carol, bobPeer, { action: 'promote', role: 'cohost' });
    expect(toCohost.json.code).toBe('forbidden');
    await patch(ann, bobPeer, { action: 'promote', role: 'cohost' });
    expect((await patch(carol, bobPeer, { action: 'remove' })).json.code).toBe('forbidden');
    expect((await patch(carol, peerId, { action: 'remove' })).json.code).toBe('forbidden');
  });

  it('a cohost no longer does once demoted, nor a guest whatever their role', async () => {
    const { peerId } = await cohost();
    await patch(ann, peerId, { action: 'demote', role: 'listener' });
    expect((await moderate(carol, { action: 'ban', targetPeerId: bobPeer })).json.code).toBe(
      'forbidden',
    );
    const guest = await guestOf(node, 'guest-1');
    const { peerId: guestPeer } = await guest.join(roomId, link);
    await patch(ann, guestPeer, { action: 'promote', role: 'cohost' });
    expect((await patch(guest, bobPeer, { action: 'mute', scope: 'audio' })).json.code).toBe(
      'forbidden',
    );
  });

  it('reads the log: signed, ordered, counted up', async () => {
    await patch(ann, bobPeer, { action: 'mute', scope: 'audio' });
    await moderate(ann, { action: 'ban', targetPeerId: bobPeer });
    const { events } = await log(ann);
    expect(events).toMatchObject([
      { lamport: 1, action: 'mute' },
      { lamport: 2, action: 'ban' },
    ]);
    expect(reduceModeration(events, node.clock.nowMs).get(bob.userId)?.ban).toBeDefined();
    await carol.join(roomId);
    expect((await log(carol)).code).toBe('forbidden');
  });
});

describe('a heartbeat', () => {
  it('says how one’s media travels, and everybody sees it', async () => {
    const beat = { type: 'heartbeat', roomId, peerId: bobPeer, ts: 1 };
    bobSocket.send({ ...beat, connection: 'turn' });
    await annSocket.next('room:update', ({ participants }) =>
      participants.some(({ peerId, connection }) => peerId === bobPeer && connection === 'turn'),
    );
    bobSocket.send(beat);
    await bobSocket.settled();
    expect((await rosterOf('bob')).connection).toBe('turn');
  });
});
