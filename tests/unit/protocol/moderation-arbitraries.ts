import fc from 'fast-check';
import type { SignedModerationEvent } from '../../../protocol/moderation.ts';
import { act, NOW_MS, userId } from '../rooms/moderation/moderation-fixtures.ts';

const ACTORS = [
  { userId: userId('host'), role: 'host' },
  { userId: userId('cleo'), role: 'cohost' },
  { userId: userId('dana'), role: 'cohost' },
] as const;

const TARGETS = ['cleo', 'dana', 'sam', 'lin'].map(userId);

const what = fc.oneof(
  fc.record({
    action: fc.constantFrom('mute', 'unmute'),
    scope: fc.constantFrom('audio', 'video', 'both'),
  }),
  fc.record({ action: fc.constantFrom('remove', 'ban', 'unban') }),
  fc.record({
    action: fc.constantFrom('promote', 'demote'),
    role: fc.constantFrom('cohost', 'speaker', 'listener'),
  }),
);

/** Events of few people within few lamport times and minutes, so that they get in each other's way. */
export function anyEvents(maxLength = 30): fc.Arbitrary<SignedModerationEvent[]> {
  const event = fc
    .record({
      what,
      lamport: fc.integer({ min: 1, max: 8 }),
      minute: fc.integer({ min: -20, max: 0 }),
      lasts: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
      actor: fc.constantFrom(...ACTORS),
      targetUserId: fc.constantFrom(...TARGETS),
      id: fc.stringMatching(/^[a-z]{12}$/),
    })
    .map(({ what, lamport, minute, lasts, actor, targetUserId, id }) =>
      act({
        ...what,
        eventId: `mod_${id}`,
        lamport,
        at: new Date(NOW_MS + minute * 60_000).toISOString(),
        actor,
        targetUserId,
        ...(lasts !== undefined && { expiresAt: new Date(NOW_MS + lasts * 60_000).toISOString() }),
      } as Partial<SignedModerationEvent>),
    );
  return fc.uniqueArray(event, { maxLength, selector: ({ eventId }) => eventId });
}
