import { describe, expect, it } from 'vitest';
import type { SignedModerationEvent } from '../../../../protocol/moderation.ts';
import { reduceModeration } from '../../../../protocol/moderation-state.ts';
import {
  endingOf,
  enforcement,
} from '../../../../renderer/rooms/moderation/moderation-enforcement.ts';
import { participant } from '../room-fixtures.ts';
import { act, NOW_MS } from './moderation-fixtures.ts';

const self = participant('self', { joinedAt: time(-60_000) });
const sam = participant('sam', { joinedAt: time(-60_000) });
const lin = participant('lin', { joinedAt: time(-60_000) });
const OPEN = { audio: false, video: false };

describe('others', () => {
  it('are silenced in what a moderator muted, and heard again when it has run out', () => {
    const mute = act({ targetUserId: sam.userId, scope: 'video', expiresAt: time(1000) });
    const duty = dutyAt(NOW_MS, mute);
    expect([...duty.silenced]).toEqual([[sam.peerId, { audio: false, video: true }]]);
    expect(dutyAt(NOW_MS + 1000, mute).silenced.size).toBe(0);
  });

  it('who are banned are out, and stay banned when they are not there', () => {
    const ban = act({ action: 'ban', targetUserId: sam.userId });
    const absent = act({ action: 'ban', targetUserId: 'u_absentAAAAAAAAAAAAAAAA' });
    const duty = dutyAt(NOW_MS, ban, absent);
    expect([...duty.ended]).toEqual([[sam.peerId, { reason: 'banned', event: ban }]]);
    expect(duty.bannedUserIds).toEqual(new Set([sam.userId, absent.targetUserId]));
  });

  it('who are removed are out, until they are let in again', () => {
    const removal = act({ action: 'remove', targetUserId: sam.userId });
    const duty = dutyAt(NOW_MS, removal);
    expect([...duty.ended]).toEqual([[sam.peerId, { reason: 'removed', event: removal }]]);
    expect(duty.bannedUserIds.size).toBe(0);

    const state = reduceModeration([removal], NOW_MS);
    expect(endingOf(state, { ...sam, joinedAt: time(0) })?.reason).toBe('removed');
    expect(endingOf(state, { ...sam, joinedAt: time(1) })).toBeUndefined();
  });

  it('about whom nothing was decided are left alone', () => {
    const duty = dutyAt(NOW_MS);
    expect(duty.silenced.size + duty.ended.size).toBe(0);
  });
});

describe('oneself', () => {
  it('is silent while muted by a moderator, and is not listed among the others', () => {
    const duty = dutyAt(NOW_MS, act({ targetUserId: self.userId, scope: 'both' }));
    expect(duty.self).toEqual({ muted: { audio: true, video: true } });
    expect(duty.silenced.size).toBe(0);
  });

  it('leaves when removed or banned, with the reason that was given', () => {
    const ban = act({ action: 'ban', targetUserId: self.userId, reason: 'spam' });
    expect(dutyAt(NOW_MS, ban).self).toEqual({
      muted: OPEN,
      ending: { reason: 'banned', event: ban },
    });
    const removal = act({ action: 'remove', targetUserId: self.userId });
    const duty = dutyAt(NOW_MS, removal);
    expect(duty.self.ending?.reason).toBe('removed');
    expect(duty.ended.size).toBe(0);
  });

  it('stays after a ban that was lifted', () => {
    const ban = act({ action: 'ban', targetUserId: self.userId });
    const unban = act({ action: 'unban', targetUserId: self.userId, lamport: 2 });
    expect(dutyAt(NOW_MS, ban, unban).self).toEqual({ muted: OPEN });
  });
});

function dutyAt(nowMs: number, ...events: SignedModerationEvent[]) {
  return enforcement(reduceModeration(events, nowMs), [self, sam, lin], self);
}

function time(offsetMs: number): string {
  return new Date(NOW_MS + offsetMs).toISOString();
}
