import { describe, expect, it } from 'vitest';
import {
  lowerRole,
  type ModerationAct,
  refusalOf,
  wrongDirection,
} from '../../../main/rendezvous/moderation-rights.ts';
import { Role } from '../../../protocol/rooms.ts';

const ACTS: Record<string, ModerationAct> = {
  mute: { action: 'mute' },
  unmute: { action: 'unmute' },
  remove: { action: 'remove' },
  ban: { action: 'ban' },
  unban: { action: 'unban' },
  deny: { action: 'deny' },
  'promote to speaker': { action: 'promote', role: 'speaker' },
  'promote to cohost': { action: 'promote', role: 'cohost' },
  'demote to speaker': { action: 'demote', role: 'speaker' },
  'demote to listener': { action: 'demote', role: 'listener' },
  'approve as listener': { action: 'approve', role: 'listener' },
  'approve as cohost': { action: 'approve', role: 'cohost' },
  'invite a speaker': { action: 'invite', role: 'speaker' },
  'invite a cohost': { action: 'invite', role: 'cohost' },
};
const MAKES_COHOSTS = ['promote to cohost', 'approve as cohost', 'invite a cohost'];
const TARGETS = ['oneself', ...Role.options, 'outside'] as const;

function may(
  role: Role | undefined,
  act: ModerationAct,
  target: (typeof TARGETS)[number],
  session: { guest?: boolean; mayModerate?: boolean } = {},
): boolean {
  const actor = { userId: 'u_actor', role, guest: false, mayModerate: true, ...session };
  const targetRole = target === 'oneself' ? role : target === 'outside' ? undefined : target;
  const userId = target === 'oneself' ? 'u_actor' : 'u_target';
  return refusalOf({ actor, target: { userId, role: targetRole }, act }) === undefined;
}

describe.each(Object.entries(ACTS))('%s', (name, act) => {
  it('is the host’s to do to everybody else', () => {
    const allowed = TARGETS.filter((target) => may('host', act, target));
    expect(allowed).toEqual(['cohost', 'speaker', 'listener', 'outside']);
  });

  it('is a cohost’s to do to those below them, unless it makes a cohost', () => {
    const allowed = TARGETS.filter((target) => may('cohost', act, target));
    expect(allowed).toEqual(MAKES_COHOSTS.includes(name) ? [] : ['speaker', 'listener', 'outside']);
  });

  it('is for nobody else', () => {
    for (const role of ['speaker', 'listener', undefined] as const) {
      expect(TARGETS.filter((target) => may(role, act, target))).toEqual([]);
    }
  });

  it('needs the scope, which guests do not have', () => {
    for (const guest of [true, false]) {
      for (const role of ['host', 'cohost'] as const) {
        expect(may(role, act, 'listener', { guest, mayModerate: false })).toBe(false);
      }
    }
  });
});

describe('roles', () => {
  it('go up by a promotion and down by a demotion', () => {
    const wrong = (from: Role, action: 'promote' | 'demote', role: Role) =>
      wrongDirection(from, { action, role }) !== undefined;
    expect(wrong('listener', 'promote', 'cohost')).toBe(false);
    expect(wrong('cohost', 'promote', 'speaker')).toBe(true);
    expect(wrong('cohost', 'demote', 'listener')).toBe(false);
    expect(wrong('listener', 'demote', 'speaker')).toBe(true);
    expect(wrong('speaker', 'promote', 'speaker')).toBe(false);
    expect(wrong('speaker', 'demote', 'speaker')).toBe(false);
  });

  it('have an order', () => {
    expect(lowerRole('cohost', 'listener')).toBe('listener');
    expect(lowerRole('speaker', 'host')).toBe('speaker');
  });
});
