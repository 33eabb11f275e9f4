import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModerationEvent } from '../../../protocol/moderation.ts';
import {
  compareEvents,
  lamportLimit,
  reduceModeration,
} from '../../../protocol/moderation-state.ts';
import { act, NOW_MS, userId } from '../rooms/moderation/moderation-fixtures.ts';
import { anyEvents } from './moderation-arbitraries.ts';

const SAM = userId('target');
const CLEO = userId('cleo');
const cleo = { userId: CLEO, role: 'cohost' } as const;
const DANA = userId('dana');

describe('of two acts on one matter', () => {
  it('the later one in lamport time holds, whenever it arrives', () => {
    const mute = act({ lamport: 1 });
    const unmute = act({ lamport: 2, action: 'unmute' });
    expect(of([unmute, mute])).toEqual({});
    expect(of([mute, unmute])).toEqual({});
  });

  it('the host’s holds against a cohost’s at the same lamport time', () => {
    const byHost = act({ action: 'unmute' });
    const byCohost = act({ actor: cleo });
    expect(of([byHost, byCohost])).toEqual({});
    expect(of([byCohost, byHost])).toEqual({});
  });

  it('of one role at one lamport time, the higher id holds', () => {
    const low = act({ eventId: 'mod_aaaaaaaaaaaaaaaa' });
    const high = act({ eventId: 'mod_bbbbbbbbbbbbbbbb', action: 'unmute' });
    expect(of([high, low])).toEqual({});
    expect(compareEvents(low, low)).toBe(0);
  });

  it('one that mutes both is lifted one by one', () => {
    const both = act({ scope: 'both' });
    const audio = act({ action: 'unmute', lamport: 2 });
    expect(of([both, audio])).toEqual({ videoMute: both });
  });
});

describe('in time', () => {
  it('a mute and a ban end by themselves, and what they replaced does not come back', () => {
    const expiresAt = new Date(NOW_MS + 1000).toISOString();
    const events = [
      act({ action: 'ban' }),
      act({ action: 'ban', lamport: 2, expiresAt }),
      act({ lamport: 3, expiresAt }),
    ];
    expect(Object.keys(of(events, NOW_MS + 999))).toEqual(['audioMute', 'ban']);
    expect(of(events, NOW_MS + 1000)).toEqual({});
  });

  it('removals add up: one dated earlier does not bring back whom another removed', () => {
    const late = act({ action: 'remove', at: new Date(NOW_MS + 5000).toISOString() });
    const early = act({ action: 'remove', lamport: 2 });
    expect(of([late, early]).removal).toBe(late);
  });

  it('a change of role that names none leaves the role as it was', () => {
    const events = [
      act({ action: 'demote', role: 'listener' }),
      act({ action: 'promote', lamport: 2 }),
    ];
    expect(of(events)).toEqual({ role: 'listener' });
  });

  it('no lamport time can be so far ahead that nobody gets past it', () => {
    expect(lamportLimit(act().at)).toBe(NOW_MS);
    expect(lamportLimit(act().at)).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});

describe('a cohost', () => {
  const make = act({ action: 'promote', role: 'cohost', targetUserId: DANA, lamport: 2 });

  it('can’t touch somebody whom the host has made a cohost, but what came before holds', () => {
    const before = act({ actor: cleo, targetUserId: DANA, lamport: 1 });
    const after = act({ actor: cleo, targetUserId: DANA, scope: 'video', lamport: 3 });
    expect(of([after, make, before], NOW_MS, DANA)).toEqual({ audioMute: before, role: 'cohost' });
  });

  it('can’t touch somebody who came as a cohost', () => {
    const mute = act({ actor: cleo, targetUserId: DANA });
    expect(reduceModeration([mute], NOW_MS, new Set([DANA])).get(DANA)).toBeUndefined();
    expect(of([mute], NOW_MS, DANA)).toEqual({ audioMute: mute });
  });

  it('can be touched again once the host has taken the role away', () => {
    const unmake = act({ action: 'demote', role: 'speaker', targetUserId: DANA, lamport: 3 });
    const mute = act({ actor: cleo, targetUserId: DANA, lamport: 4 });
    expect(of([make, unmake, mute], NOW_MS, DANA).audioMute).toBe(mute);
  });

  it('decides nothing with an old ticket after the host has banned, removed or demoted them', () => {
    for (const change of [
      { action: 'ban' },
      { action: 'remove' },
      { action: 'demote', role: 'speaker' },
    ] as const) {
      const out = act({ ...change, targetUserId: CLEO });
      const revenge = act({ actor: cleo, lamport: 2 });
      expect(of([revenge, out])).toEqual({});
      const minutesLater = new Date(NOW_MS + 12 * 60_000).toISOString();
      const again = act({ actor: cleo, lamport: 2, at: minutesLater });
      expect(of([again, out])).toEqual({ audioMute: again });
    }
  });

  it('decides again as soon as the host has made them a cohost again', () => {
    const out = act({ action: 'demote', role: 'speaker', targetUserId: CLEO });
    const back = act({ action: 'promote', role: 'cohost', targetUserId: CLEO, lamport: 2 });
    const mute = act({ actor: cleo, lamport: 3 });
    expect(of([mute, back, out])).toEqual({ audioMute: mute });
  });
});

it('the order of events and repetitions make no difference', () => {
  fc.assert(
    fc.property(
      anyEvents().chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        ),
      ),
      ([events, shuffled]) => {
        const cohosts = new Set([DANA]);
        expect(reduceModeration(shuffled, NOW_MS, cohosts)).toEqual(
          reduceModeration(events, NOW_MS, cohosts),
        );
      },
    ),
  );
});

function of(events: ModerationEvent[], nowMs = NOW_MS, who = SAM) {
  return reduceModeration(events, nowMs).get(who) ?? {};
}
