import { describe, expect, test } from 'vitest';
import type { Invite } from '../../../protocol/rooms.ts';
import { canKnock, knockableDoor } from '../../../renderer/lobby/lobby-door.ts';
import { endedWords, wayOn } from '../../../renderer/stage/ended-words.ts';
import { inviteeOf } from '../../../renderer/stage/invitations/invite-form.ts';
import {
  inviteLine,
  inviteName,
  isPast,
} from '../../../renderer/stage/invitations/invite-words.ts';
import {
  banDurationS,
  heldWords,
  liftedWords,
  muteDurationMs,
} from '../../../renderer/stage/moderation/moderation-words.ts';
import { namesInWords } from '../../../renderer/stage/names-in-words.ts';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');
const invite: Invite = {
  inviteId: 'inv_1',
  roomId: 'room_0123456789',
  label: 'Press',
  role: 'speaker',
  singleUse: true,
  state: 'pending',
  usedBy: [],
  createdAt: '2026-01-01T11:00:00.000Z',
  expiresAt: '2026-01-01T15:00:00.000Z',
  token: 't',
  link: 'http://node/join/room_0123456789#invite=t',
};
const byAda = [{ userId: 'u_AAAAAAAAAAAAAAAAAAAAAA', displayName: 'Ada' }];

describe('an invitation in the list', () => {
  test('says whom it is for, as what, and how it stands', () => {
    expect(inviteName(invite)).toBe('Press');
    expect(inviteLine(invite, NOW)).toMatch(
      /^Speaker · not used yet · for one person · expires in/,
    );
    expect(inviteLine({ ...invite, state: 'used', usedBy: byAda }, NOW)).toContain('used by Ada');
    expect(inviteLine({ ...invite, state: 'revoked' }, NOW)).toBe('Speaker · taken back');
  });

  test('is past once it has run out, even before the node says so', () => {
    const later = Date.parse(invite.expiresAt);
    expect(isPast(invite, NOW)).toBe(false);
    expect(isPast(invite, later)).toBe(true);
    expect(inviteLine(invite, later)).toContain('expired');
    expect(isPast({ ...invite, state: 'used' }, later)).toBe(false);
  });

  test('is called by its handle, or by what it is good for', () => {
    const { label: _none, ...nameless } = invite;
    expect(inviteName({ ...nameless, handle: 'bob' })).toBe('@bob');
    expect(inviteName(nameless)).toBe('Link for one person');
    expect(inviteName({ ...nameless, singleUse: false })).toBe('Open link');
  });
});

describe('making an invitation', () => {
  const draft = { who: ' Press ', role: 'listener', lifetime: '3600', singleUse: false } as const;

  test('for a label', () => {
    expect(inviteeOf(draft)).toEqual({
      ok: true,
      invitee: { label: 'Press', role: 'listener', expiresIn: 3600, singleUse: false },
    });
  });

  test('for a member is for nobody else', () => {
    expect(inviteeOf({ ...draft, who: '@Bob' })).toMatchObject({
      ok: true,
      invitee: { handle: 'bob', singleUse: true },
    });
  });

  test.each(['', '  ', '@', '@a b', 'x'.repeat(61)])('refuses "%s"', (who) => {
    expect(inviteeOf({ ...draft, who })).toMatchObject({ ok: false });
  });
});

describe('what a moderated person reads', () => {
  test('is what, until when, and why', () => {
    const until = new Date(2026, 0, 1, 12, 40).toISOString();
    const at = new Date(2026, 0, 1, 12, 30).getTime();
    expect(heldWords('audio', { until, reason: 'Echo' }, at, 'en-GB')).toBe(
      'A moderator muted your microphone until 12:40: Echo.',
    );
    expect(heldWords('video', {}, at)).toBe('A moderator turned your camera off.');
  });

  test('says when a microphone is live again', () => {
    expect(liftedWords('audio', false)).toMatch(/is on again/);
    expect(liftedWords('audio', true)).toMatch(/may switch/);
  });

  test('at the end of the room has the reason', () => {
    expect(endedWords({ endedReason: 'banned', farewell: { reason: 'Spam!' } })).toBe(
      'You were banned from this room: Spam!',
    );
    expect(endedWords({ endedReason: 'removed' })).toBe('You were taken out of the room.');
  });

  test('leads back to the door only where that can help', () => {
    expect(wayOn({ endedReason: 'removed' })).toBe('door');
    expect(wayOn({ endedReason: 'invite-revoked' })).toBe('door');
    expect(wayOn({ endedReason: 'banned' })).toBe('nowhere');
    expect(wayOn({ endedReason: 'lost', problem: { code: 'banned', message: 'Out.' } })).toBe(
      'nowhere',
    );
    expect(wayOn({ endedReason: 'empty' })).toBe('feed');
  });
});

describe('a door that is shut', () => {
  const shut = (code: string) => ({ code, message: 'No.' });

  test('can be knocked at where an invitation is missing or spoilt', () => {
    expect(canKnock(shut('invite-required'))).toBe(true);
    expect(canKnock(shut('invite-used'))).toBe(true);
  });

  test.each(['banned', 'room-closed', 'room-full', 'knock-denied'])('can’t with %s', (code) => {
    expect(canKnock(shut(code))).toBe(false);
    expect(knockableDoor(shut(code), shut('invite-required'))).toBeUndefined();
  });

  test('is knocked at right away without an invitation, by choice with a spoilt one', () => {
    expect(knockableDoor(shut('invite-required'), undefined)?.code).toBe('invite-required');
    expect(knockableDoor(shut('invite-expired'), undefined)).toBeUndefined();
    expect(knockableDoor(shut('invite-expired'), shut('invite-expired'))?.code).toBe(
      'invite-expired',
    );
  });
});

describe('limits and names', () => {
  test('of mutes and bans', () => {
    expect(muteDurationMs('5')).toBe(300_000);
    expect(muteDurationMs('lifted')).toBeUndefined();
    expect(banDurationS('86400')).toBe(86_400);
    expect(banDurationS('room')).toBeUndefined();
  });

  test.each([
    [['Ada'], 'Ada'],
    [['Ada', 'Bob'], 'Ada and Bob'],
    [['Ada', 'Bob', 'Cy'], 'Ada, Bob and Cy'],
    [['Ada', 'Bob', 'Cy', 'Di'], 'Ada, Bob and 2 others'],
  ])('of %j', (names, words) => {
    expect(namesInWords(names)).toBe(words);
  });
});
