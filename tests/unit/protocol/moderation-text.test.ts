import { expect, it } from 'vitest';
import type { ModerationEvent } from '../../../protocol/moderation.ts';
import { Reason } from '../../../protocol/moderation.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';

const event: ModerationEvent = {
  eventId: 'mod_0123456789abcdef',
  roomId: 'room_0123456789ab',
  lamport: 3,
  at: '2026-01-01T12:00:00.000Z',
  action: 'mute',
  targetPeerId: 'peer_0123456789ab',
  targetUserId: 'u_AAAAAAAAAAAAAAAAAAAAAA',
  scope: 'audio',
  reason: 'Lärm “hier”\n',
  actor: { userId: 'u_BBBBBBBBBBBBBBBBBBBBBB', role: 'host' },
};

it('the signed text is the event as canonical JSON behind its own prefix', () => {
  expect(moderationText(event)).toBe(
    'swarm-moderation:v1\n{"action":"mute","actor":{"role":"host","userId":"u_BBBBBBBBBBBBBBBBBBBBBB"},"at":"2026-01-01T12:00:00.000Z","eventId":"mod_0123456789abcdef","lamport":3,"reason":"Lärm “hier”","roomId":"room_0123456789ab","scope":"audio","targetPeerId":"peer_0123456789ab","targetUserId":"u_AAAAAAAAAAAAAAAAAAAAAA"}',
  );
});

it('neither the order of fields nor what vouches for the event changes the text', () => {
  const reversed = Object.fromEntries(Object.entries(event).reverse()) as ModerationEvent;
  const signed = { ...reversed, ticket: 't', kid: 'k', signature: 'A'.repeat(86) };
  expect(moderationText(signed)).toBe(moderationText(event));
});

it('every field changes the text', () => {
  const changes: Partial<ModerationEvent>[] = [
    { eventId: 'mod_fedcba9876543210' },
    { roomId: 'room_ba9876543210' },
    { lamport: 4 },
    { at: '2026-01-01T12:00:00.001Z' },
    { action: 'unmute' },
    { targetPeerId: 'peer_ba9876543210' },
    { targetUserId: 'u_CCCCCCCCCCCCCCCCCCCCCC' },
    { scope: 'video' },
    { role: 'speaker' },
    { reason: 'other' },
    { expiresAt: '2026-01-01T13:00:00.000Z' },
    { actor: { ...event.actor, role: 'cohost' } },
    { actor: { ...event.actor, userId: 'u_CCCCCCCCCCCCCCCCCCCCCC' } },
  ];
  const texts = new Set(changes.map((change) => moderationText({ ...event, ...change })));
  expect(texts.size).toBe(changes.length);
  expect(texts).not.toContain(moderationText(event));
});

it('a reason that no canonical JSON can hold is refused where it comes in', () => {
  expect(Reason.safeParse('half a face \ud83d').success).toBe(false);
  expect(Reason.parse('a whole one \u{1f600}')).toBe('a whole one \u{1f600}');
});
