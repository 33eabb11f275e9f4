import { describe, expect, it } from 'vitest';
import { NEWEST_GUESTS, withInvites } from '../../../main/rendezvous/sockets/invites-message.ts';
import { MAX_MESSAGE_BYTES } from '../../../protocol/messages.ts';
import type { Invite } from '../../../protocol/rooms.ts';

const roomId = `room_${'r'.repeat(32)}`;

/** As long as it can be: names of characters that take the most bytes, and a long address. */
function invite(number: number, guests: number, name = '\u0000'.repeat(64)): Invite {
  const usedBy = Array.from({ length: guests }, (_, guest) => ({
    userId: `u_${String(guest).padStart(22, '0')}`,
    displayName: name,
  }));
  return {
    inviteId: `invite-${number}`,
    ...{ roomId, label: '\u0001'.repeat(60), role: 'speaker', singleUse: false, state: 'pending' },
    usedBy,
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
    token: 't'.repeat(400),
    link: `https://${'h'.repeat(200)}/join/${roomId}#invite=${'t'.repeat(400)}`,
  };
}

const bare = { type: 'room:invites', roomId };

describe('what moderators are told of invitations', () => {
  it('is all of them, newest first, where they fit', () => {
    const invites = [invite(2, 1, 'Bob'), invite(1, 0)];
    expect(withInvites(bare, invites)).toEqual({ ...bare, invites });
  });

  it('is never more than a message carries, however many came by each', () => {
    for (const guests of [0, 3, 20, 500]) {
      const all = Array.from({ length: 100 }, (_, number) => invite(number, guests));
      const message = withInvites(bare, all);
      const told = message.invites;
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      expect(told.length).toBeGreaterThan(0);
      expect(told.map(({ inviteId }) => inviteId)).toEqual(
        all.slice(0, told.length).map(({ inviteId }) => inviteId),
      );
    }
  });

  it('names the last who came by a link that is used a lot', () => {
    const [told] = withInvites(bare, [invite(1, 100, 'Bob')]).invites;
    expect(told?.usedBy).toHaveLength(NEWEST_GUESTS);
    expect(told?.usedBy.at(-1)?.userId).toBe(`u_${'99'.padStart(22, '0')}`);
  });
});
