import { describe, expect, test } from 'vitest';
import type { Invite, Participant, Role, Room } from '../../../protocol/rooms.ts';
import { endedWords } from '../../../renderer/stage/ended-words.ts';
import { inviteLink, orderedPeople } from '../../../renderer/stage/room-people.ts';
import { tileGrid } from '../../../renderer/stage/tile-grid.ts';
import { constellation } from '../../../renderer/ui/constellation.ts';
import { initials } from '../../../renderer/ui/initials.ts';

function person(peerId: string, role: Role, joinedAt: string): Participant {
  return {
    peerId,
    userId: 'u_AAAAAAAAAAAAAAAAAAAAAA',
    handle: peerId,
    displayName: peerId,
    role,
    connection: 'direct',
    muted: { audio: false, video: false },
    mutedByModerator: { audio: false, video: false },
    guest: false,
    status: 'active',
    joinedAt,
    lastHeartbeatAt: joinedAt,
  };
}

describe('the order of people', () => {
  const participants = Object.fromEntries(
    [
      person('late', 'speaker', '2026-01-01T00:02:00.000Z'),
      person('host', 'host', '2026-01-01T00:03:00.000Z'),
      person('early', 'speaker', '2026-01-01T00:01:00.000Z'),
    ].map((p) => [p.peerId, p]),
  );
  const ids = (self?: string) =>
    orderedPeople({
      participants,
      self: self
        ? { peerId: self, role: 'speaker', muted: { audio: false, video: false } }
        : undefined,
    }).map((p) => p.peerId);

  test('is the host, then who came first', () => {
    expect(ids()).toEqual(['host', 'early', 'late']);
  });

  test('begins with oneself', () => {
    expect(ids('late')).toEqual(['late', 'host', 'early']);
  });
});

describe('the link one can pass on', () => {
  const room = { roomId: 'room_0123456789', visibility: 'invite-only' } as Room;
  const invite: Invite = {
    inviteId: 'i',
    roomId: room.roomId,
    role: 'speaker',
    singleUse: false,
    state: 'pending',
    usedBy: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
    token: 't',
    link: 'http://node/join/room_0123456789#invite=t',
  };

  test('is the open invitation', () => {
    expect(inviteLink({ room, invites: [invite] }, 'http://node')).toBe(invite.link);
  });

  test('is not somebody else’s invitation, nor a revoked one', () => {
    const invites: Invite[] = [
      { ...invite, handle: 'bob' },
      { ...invite, label: 'Press' },
      { ...invite, singleUse: true },
      { ...invite, state: 'revoked' },
    ];
    expect(inviteLink({ room, invites }, 'http://node')).toBeUndefined();
  });

  test('of a public room is its plain address', () => {
    const open = { ...room, visibility: 'public' } as Room;
    expect(inviteLink({ room: open, invites: [] }, 'http://node')).toBe(
      'http://node/join/room_0123456789',
    );
  });
});

describe('tiles', () => {
  test('fill the stage without leaving it', () => {
    for (let count = 1; count <= 12; count += 1) {
      for (const [width, height] of [
        [1600, 900],
        [700, 640],
        [360, 560],
      ] as const) {
        const grid = tileGrid(count, width, height, 12);
        const rows = Math.ceil(count / grid.columns);
        expect(grid.tileWidth).toBeGreaterThan(0);
        expect(grid.columns * (grid.tileWidth + 12) - 12).toBeLessThanOrEqual(width);
        expect(rows * (grid.tileHeight + 12) - 12).toBeLessThanOrEqual(height);
      }
    }
  });

  test('stand in a column on a phone, side by side on a desk', () => {
    expect(tileGrid(2, 360, 560, 12).columns).toBe(1);
    expect(tileGrid(2, 1200, 500, 12).columns).toBe(2);
    expect(tileGrid(3, 672, 640, 12).columns).toBe(2);
  });

  test('are nothing on a stage without a size', () => {
    expect(tileGrid(3, 0, 0, 12).tileWidth).toBe(0);
  });
});

describe('small words and drawings', () => {
  test.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['Ada King Lovelace', 'AL'],
    ['  ', '?'],
    ['👩‍🚀 Ochoa', '👩‍🚀O'],
  ])('the initials of "%s"', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  test('every reason for an end is a sentence', () => {
    expect(endedWords({ endedReason: 'empty' })).toMatch(/Nobody was there/);
    expect(endedWords({ endedReason: 'replaced' })).toMatch(/another tab or window of yours/);
    expect(endedWords({})).toBe('The room is over.');
    expect(endedWords({ endedReason: 'lost', problem: { code: 'banned', message: 'Out.' } })).toBe(
      'Out.',
    );
  });

  test('a drawing is the same for the same id, and stays in its field', () => {
    expect(constellation('room_1')).toEqual(constellation('room_1'));
    expect(constellation('room_1')).not.toEqual(constellation('room_2'));
    for (const star of constellation('room_3', 30).stars) {
      expect(star.x).toBeGreaterThanOrEqual(0);
      expect(star.x).toBeLessThanOrEqual(160);
      expect(star.y).toBeLessThanOrEqual(90);
    }
  });
});
