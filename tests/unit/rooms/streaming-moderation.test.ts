import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../../../protocol/messages.ts';
import type { SignedModerationEvent } from '../../../protocol/moderation.ts';
import type { Invite, Knock } from '../../../protocol/rooms.ts';
import type { ModerationAct } from '../../../renderer/rooms/moderator-acts.ts';
import { bannedMembers } from '../../../renderer/rooms/moderator-bans.ts';
import {
  moderates,
  rightsOver,
  roleChange,
  rolesGivenBy,
  selfModerates,
} from '../../../renderer/rooms/moderator-rights.ts';
import * as by from '../../../renderer/rooms/moderator-transitions.ts';
import * as to from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

const ada = participant('ada', { role: 'host' });
const lin = participant('lin');
const people = [ada, lin];
const host = to.joined(to.OUTSIDE, { room: room(), participant: ada, participants: people });
const guest = to.joined(to.OUTSIDE, { room: room(), participant: lin, participants: people });
const HELD = { audio: true, video: false };

function tried(act: ModerationAct) {
  const id = Symbol(act.action);
  return { id, state: by.actTried(host, { id, act, userId: lin.userId }) };
}

function event(change: Partial<SignedModerationEvent> = {}): SignedModerationEvent {
  return {
    eventId: 'mod_0123456789',
    roomId: room().roomId,
    lamport: 1,
    at: '2026-01-01T12:00:00.000Z',
    action: 'mute',
    targetPeerId: lin.peerId,
    targetUserId: lin.userId,
    actor: { userId: ada.userId, role: 'host' },
    signature: 's',
    ...change,
  };
}

function applied(
  change: Partial<SignedModerationEvent>,
): Extract<ServerMessage, { type: 'moderation:applied' }> {
  const told = event(change);
  const { eventId, roomId, action, targetPeerId, scope, reason, expiresAt } = told;
  return {
    type: 'moderation:applied',
    roomId,
    eventId,
    action,
    targetPeerId,
    ...(scope && { scope }),
    ...(reason && { reason }),
    ...(expiresAt && { expiresAt }),
    event: told,
  };
}

describe('a moderator’s act', () => {
  it('is on the screen before the node has answered, and gone when it refuses', () => {
    const { id, state } = tried({ action: 'mute', scope: 'audio', peerId: lin.peerId });
    expect(state.participants[lin.peerId]).toMatchObject({ mutedByModerator: HELD, muted: HELD });
    expect(by.actRefused(state, id).participants).toEqual(host.participants);
  });

  it('is not undone by a roster that is older', () => {
    const { state } = tried({ action: 'remove', peerId: lin.peerId });
    expect(Object.keys(state.participants)).toEqual([ada.peerId]);
    const updated = to.roomUpdated(state, room(), people);
    expect(Object.keys(updated.participants)).toEqual([ada.peerId]);
  });

  it('keeps the connection of somebody about to be removed until the node agrees', () => {
    const linked = to.linkChanged(host, lin.peerId, { state: 'connected' });
    const id = Symbol();
    const act = { action: 'remove', peerId: lin.peerId } as const;
    const state = by.actTried(linked, { id, act, userId: lin.userId });
    const updated = to.roomUpdated(state, room(), people);
    expect(by.actRefused(updated, id).links[lin.peerId]?.state).toBe('connected');
  });

  it('holds once the node agreed, without waiting for the roster', () => {
    const { id, state } = tried({ action: 'promote', role: 'cohost', peerId: lin.peerId });
    const agreed = by.actAgreed(state, id, {});
    expect(agreed.acts).toEqual([]);
    expect(agreed.participants[lin.peerId]?.role).toBe('cohost');
  });

  it('gives way to what the node says of the person', () => {
    const { id, state } = tried({ action: 'unmute', scope: 'both', peerId: lin.peerId });
    const agreed = by.actAgreed(state, id, { participant: { ...lin, muted: HELD } });
    expect(agreed.participants[lin.peerId]?.muted).toEqual(HELD);
  });

  it('is refused alone where several are on their way', () => {
    const { id, state } = tried({ action: 'mute', scope: 'audio', peerId: lin.peerId });
    const act = { action: 'mute', scope: 'video', peerId: lin.peerId } as const;
    const both = by.actTried(state, { id: Symbol(), act, userId: lin.userId });
    const one = by.actRefused(both, id);
    expect(one.participants[lin.peerId]?.mutedByModerator).toEqual({ audio: false, video: true });
  });
});

describe('being moderated', () => {
  const muted = by.moderationApplied(
    guest,
    applied({ scope: 'audio', reason: 'Echo', expiresAt: '2026-01-01T12:40:00.000Z' }),
  );

  it('holds at once, and says why and until when', () => {
    expect(muted.self).toMatchObject({
      muted: HELD,
      held: { audio: { reason: 'Echo', until: '2026-01-01T12:40:00.000Z' } },
    });
    expect(muted.participants[lin.peerId]?.mutedByModerator).toEqual(HELD);
  });

  it('is remembered while the roster agrees, and forgotten when it is lifted', () => {
    const still = { ...lin, muted: HELD, mutedByModerator: HELD };
    expect(to.roomUpdated(muted, room(), [ada, still]).self?.held?.audio?.reason).toBe('Echo');
    const free = to.roomUpdated(muted, room(), people).self;
    expect(free?.held).toBeUndefined();
    expect(free?.muted.audio).toBe(false);
  });

  it('is not undone by a switch of one’s own that is on its way', () => {
    const still = { ...lin, muted: HELD, mutedByModerator: HELD };
    const updated = to.roomUpdated(muted, room(), [ada, still], { audio: false });
    expect(updated.self?.muted.audio).toBe(true);
  });

  it('that the peers know to be lifted is over before the node says so', () => {
    const free = by.moderationLifted(muted, ['audio', 'video']);
    expect(free.self?.held).toBeUndefined();
    expect(free.self?.chosen).toBeUndefined();
    expect(free.self?.muted).toEqual({ audio: false, video: false });
    expect(free.participants[lin.peerId]).toMatchObject({
      muted: { audio: false },
      mutedByModerator: { audio: false },
    });
  });

  it('gives back what one had chosen before: a microphone that was off stays off', () => {
    const off = to.selfMuted(guest, { audio: true });
    const held = by.moderationApplied(off, applied({ scope: 'both' }));
    const again = by.moderationApplied(held, applied({ scope: 'audio', reason: 'Still' }));
    expect(by.moderationLifted(again, ['audio', 'video']).self?.muted).toEqual({
      audio: true,
      video: false,
    });
  });

  it('that is lifted in part leaves the rest held', () => {
    const held = by.moderationApplied(guest, applied({ scope: 'both', reason: 'Echo' }));
    expect(by.moderationLifted(held, ['video']).self).toMatchObject({
      muted: HELD,
      held: { audio: { reason: 'Echo' } },
      chosen: { audio: false },
    });
  });

  it('since before this page was opened leaves the microphone to the person when it is lifted', () => {
    const still = { ...lin, muted: HELD, mutedByModerator: HELD };
    const back = to.joined(to.OUTSIDE, {
      room: room(),
      participant: still,
      participants: [ada, still],
    });
    expect(by.moderationLifted(back, ['audio']).self).toMatchObject({ muted: HELD });
    expect(by.moderationLifted(back, ['audio']).self?.held).toBeUndefined();
  });

  it('of somebody else leaves one’s own microphone alone', () => {
    expect(by.moderationApplied(host, applied({ scope: 'both' })).self).toEqual(host.self);
  });

  it('out of the room says why at the end', () => {
    const told = by.moderationApplied(guest, applied({ action: 'ban', reason: 'Spam' }));
    expect(to.ended(told, 'banned')).toMatchObject({ farewell: { reason: 'Spam' } });
  });
});

describe('who is banned', () => {
  const ban = event({ action: 'ban', reason: 'Spam', expiresAt: '2026-01-01T13:00:00.000Z' });
  const state = by.moderationHeard(host, [ban, ban]);
  const during = Date.parse('2026-01-01T12:30:00.000Z');

  it('is known by name after they left, until the ban runs out', () => {
    expect(state.moderation).toHaveLength(1);
    const gone = to.roomUpdated(state, room(), [ada]);
    expect(bannedMembers(gone, during)).toMatchObject([
      { peerId: lin.peerId, name: 'lin', reason: 'Spam' },
    ]);
    expect(bannedMembers(gone, Date.parse('2026-01-01T13:00:00.000Z'))).toEqual([]);
  });

  it('is not shown any more while the ban is being lifted', () => {
    const act = { action: 'unban', peerId: lin.peerId } as const;
    const lifting = by.actTried(state, { id: Symbol(), act, userId: lin.userId });
    expect(bannedMembers(lifting, during)).toEqual([]);
  });
});

describe('what one may do', () => {
  const cohost = participant('co', { role: 'cohost' });

  it('as host is everything to everybody else', () => {
    expect(rightsOver(ada, cohost)).toEqual({ moderate: true, roles: ['speaker', 'listener'] });
    expect(rightsOver(ada, lin).roles).toEqual(['cohost', 'listener']);
    expect(rightsOver(ada, ada).moderate).toBe(false);
  });

  it('as cohost stops at the host and at other cohosts', () => {
    expect(rightsOver(cohost, lin)).toEqual({ moderate: true, roles: ['listener'] });
    expect(rightsOver(cohost, ada).moderate).toBe(false);
    expect(rightsOver(cohost, participant('co2', { role: 'cohost' })).moderate).toBe(false);
    expect(rolesGivenBy('cohost')).not.toContain('cohost');
  });

  it('as guest is nothing, whatever the role', () => {
    const guestly = { ...cohost, guest: true };
    expect(moderates(guestly)).toBe(false);
    expect(rightsOver(guestly, lin)).toEqual({ moderate: false, roles: [] });
  });

  it('as speaker is nothing', () => {
    expect(rightsOver(lin, participant('bob')).moderate).toBe(false);
    expect(selfModerates(guest)).toBe(false);
    expect(selfModerates(host)).toBe(true);
  });

  it('is called by the direction it goes', () => {
    expect(roleChange('listener', 'speaker')).toBe('promote');
    expect(roleChange('cohost', 'speaker')).toBe('demote');
  });
});

describe('invitations and knocks', () => {
  const invite = { inviteId: 'inv_1', state: 'pending' } as Invite;
  const knock = { peerId: 'peer_knock0000000' } as Knock;

  it('are told to those inside, and to nobody who has left', () => {
    expect(by.invitesTold(host, [invite]).invites).toEqual([invite]);
    expect(by.invitesTold(to.OUTSIDE, [invite]).invites).toEqual([]);
    expect(by.knocksTold(to.OUTSIDE, [knock]).knocks).toEqual([]);
  });

  it('change on the screen at once', () => {
    const told = by.knocksTold(by.invitesTold(host, [invite]), [knock]);
    expect(by.inviteRevoked(told, 'inv_1').invites[0]?.state).toBe('revoked');
    expect(by.knockAnswered(told, knock.peerId).knocks).toEqual([]);
  });

  it('somebody who waits is neither in nor out', () => {
    const waits = by.waiting(to.joining(to.OUTSIDE), 'room_0123456789ab');
    expect(waits).toMatchObject({ phase: 'waiting', waiting: { roomId: 'room_0123456789ab' } });
    expect(to.left(waits)).toEqual(to.OUTSIDE);
  });
});
