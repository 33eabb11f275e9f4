import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_MODERATION_EVENTS } from '../../../protocol/moderation.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';
import type { JoinRoomResponse } from '../../../protocol/rooms.ts';
import { memberOf, roomsAreInRedis, startNode, type TestMember, type TestNode } from './node.ts';

let node: TestNode;
let ann: TestMember;
let bob: TestMember;
let carol: TestMember;
let roomId: string;
let host: JoinRoomResponse;
let bobPeer: string;

beforeEach(async () => {
  node = await startNode();
  ann = await memberOf(node, 'ann');
  bob = await memberOf(node, 'bob');
  carol = await memberOf(node, 'carol');
  host = await ann.createRoom({ visibility: 'followers' });
  roomId = host.room.roomId;
  bobPeer = (await bob.join(roomId)).peerId;
});
afterEach(() => node.close());

const path = (rest = '') => `/api/signaling/rooms/${roomId}${rest}`;
const patch = (who: TestMember, peerId: string, body: object) =>
  who.call('PATCH', path(`/participants/${peerId}`), body);
const moderate = (who: TestMember, body: object) => who.call('POST', path('/moderation'), body);
const log = async (who: TestMember) => (await who.call('GET', path('/moderation/log'))).json;
const join = async (who: TestMember) => who.call('POST', path('/join'), {});
const rosterOf = async (handle: string) => {
  const { json } = await ann.call('GET', path('/participants'));
  return json.participants.find((one: { handle: string }) => one.handle === handle);
};

describe('an act that the moderator signed', () => {
  const mute = () => ({
    roomId,
    ...{ action: 'mute' as const, scope: 'audio' as const },
    ...{ targetPeerId: bobPeer, targetUserId: bob.userId },
  });
  const send = (who: TestMember, event: object, request: object = {}) =>
    patch(who, bobPeer, { action: 'mute', scope: 'audio', ...request, event });

  it('is kept as it is, and again makes no difference', async () => {
    const event = ann.moderation(host.meshTicket, { ...mute(), lamport: 7 });
    expect((await send(ann, event)).json.event).toEqual(event);
    await patch(ann, bobPeer, { action: 'unmute', scope: 'both' });
    expect((await send(ann, event)).json.event).toEqual(event);
    const { events } = await log(ann);
    expect(events.map(({ lamport }: { lamport: number }) => lamport)).toEqual([7, 8]);
    expect((await rosterOf('bob')).mutedByModerator.audio).toBe(false);
  });

  it('that is told again after its target has gone is answered all the same', async () => {
    const event = ann.moderation(host.meshTicket, {
      ...{ roomId, action: 'remove', targetPeerId: bobPeer, targetUserId: bob.userId },
    });
    for (const _ of [1, 2]) {
      const answer = await patch(ann, bobPeer, { action: 'remove', event });
      expect(answer).toMatchObject({ status: 200, json: { event } });
    }
  });

  it('counts when the ticket was valid then, though it has run out since', async () => {
    const at = new Date(node.clock.nowMs + 5 * 60_000).toISOString();
    node.clock.advance(14 * 60_000);
    expect((await send(ann, ann.moderation(host.meshTicket, { ...mute(), at }))).status).toBe(200);
  });

  it('bans somebody who has gone and whom nobody else could name', async () => {
    await bob.call('POST', path('/leave'));
    const request = { action: 'ban', targetPeerId: bobPeer };
    expect((await moderate(ann, request)).json.code).toBe('peer-not-found');
    const event = ann.moderation(host.meshTicket, {
      ...{ roomId, action: 'ban', targetPeerId: bobPeer, targetUserId: bob.userId },
    });
    expect((await moderate(ann, { ...request, event })).status).toBe(200);
    expect((await join(bob)).json.code).toBe('banned');
  });

  it('is refused when anything about it is not so', async () => {
    const { meshTicket: carolTicket } = await carol.join(roomId);
    const { meshTicket: bobTicket } = await bob.join(roomId);
    const other = await ann.createRoom();
    const now = node.clock.nowMs;
    const iso = (ms: number) => new Date(ms).toISOString();
    const own = ann.moderation(host.meshTicket, mute());
    const as = (about: object) => ann.moderation(host.meshTicket, { ...mute(), ...about });
    const forged: Record<string, object> = {
      'changed after signing': { ...own, reason: 'other' },
      'signed by somebody else': { ...own, signature: bob.sign(moderationText(own)) },
      'with somebody else’s ticket': { ...own, ticket: bobTicket },
      'with a ticket for another room': { ...own, ticket: other.meshTicket },
      'with a session in place of a ticket': { ...own, ticket: ann.token },
      'without a ticket': { ...own, ticket: undefined },
      'said to be the node’s': { ...own, ticket: undefined, kid: node.tokens.jwks().keys[0]?.kid },
      'in another’s name': as({ actor: { userId: carol.userId, role: 'host' } }),
      'as what one is not': as({ actor: { userId: ann.userId, role: 'cohost' } }),
      'for another room': as({ roomId: other.room.roomId }),
      'against somebody else': as({ targetUserId: carol.userId }),
      'of another kind': as({ action: 'unmute' }),
      'of another scope': as({ scope: 'both' }),
      'for other reasons': as({ reason: 'Because' }),
      'with an end nobody asked for': as({ expiresAt: iso(now + 60_000) }),
      'from the future': as({ at: iso(now + 31_000) }),
      'from before the ticket': as({ at: iso(now - 31_000) }),
      'later than counting can be': as({ lamport: now + 1 }),
    };
    for (const [what, event] of Object.entries(forged)) {
      const request = what === 'for other reasons' ? { reason: 'Echo' } : {};
      const refused = await send(ann, event, request);
      expect([what, refused.json.code]).toEqual([what, 'event-invalid']);
    }
    const byCarol = carol.moderation(carolTicket, { ...mute() });
    expect((await send(carol, byCarol)).json.code).toBe('forbidden');
    expect((await log(ann)).events).toEqual([]);
    expect((await send(ann, as({ lamport: 1_000_000 }))).status).toBe(200);
    const clash = as({ eventId: own.eventId });
    expect((await send(ann, own)).status).toBe(200);
    expect((await send(ann, { ...clash, signature: bob.sign('x') })).json.code).toBe(
      'event-invalid',
    );
  });

  it('ends when the request says', async () => {
    const ban = { action: 'ban' as const, targetPeerId: bobPeer };
    const event = (ms: number) =>
      ann.moderation(host.meshTicket, {
        ...{ ...ban, roomId, targetUserId: bob.userId },
        expiresAt: new Date(node.clock.nowMs + ms).toISOString(),
      });
    const request = { ...ban, duration: 600 };
    expect((await moderate(ann, { ...request, event: event(660_000) })).json.code).toBe(
      'event-invalid',
    );
    expect((await moderate(ann, { ...request, event: event(600_000) })).status).toBe(200);
  });
});

// It is filled in one go, in which no lease can be renewed.
describe.skipIf(roomsAreInRedis())('a log', () => {
  it('takes no more than it can keep', async () => {
    const about = { roomId, targetPeerId: bobPeer, targetUserId: bob.userId };
    for (let lamport = 1; lamport <= MAX_MODERATION_EVENTS; lamport += 1) {
      const event = ann.moderation('', { ...about, action: 'unmute', scope: 'both', lamport });
      node.registry.moderation.apply(roomId, event);
    }
    const refused = await patch(ann, bobPeer, { action: 'mute', scope: 'both' });
    expect(refused).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
  });
});
