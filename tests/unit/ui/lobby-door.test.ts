import { describe, expect, test } from 'vitest';
import type { Room } from '../../../protocol/rooms.ts';
import { inviteFromHash } from '../../../renderer/app/invite-hash.ts';
import { closedDoor, type DoorFacts, joinBlock } from '../../../renderer/lobby/lobby-door.ts';

const room: Room = {
  roomId: 'room_0123456789',
  context: 'profile',
  title: 'Tuning',
  visibility: 'public',
  private: false,
  state: 'live',
  broadcast: 'backstage',
  recording: 'off',
  host: { userId: 'u_AAAAAAAAAAAAAAAAAAAAAA', handle: 'ada', displayName: 'Ada' },
  participantCount: 1,
  capacity: 12,
  createdAt: '2026-01-01T00:00:00.000Z',
};
const found = { status: 'ready', value: room } as const;
const refused = (code: string) =>
  ({ status: 'failed', problem: { code, message: 'No.' } }) as const;

const open: DoorFacts = {
  streaming: { offered: true },
  encryption: { offered: true },
  room: found,
  guest: { name: 'Grace' },
  devices: 'ready',
  elsewhere: false,
};

describe('the join button', () => {
  test('can be pressed by a guest with a name', () => {
    expect(joinBlock(open)).toBeUndefined();
  });

  test('can be pressed by a member, who has a name', () => {
    expect(joinBlock({ ...open, guest: undefined })).toBeUndefined();
  });

  test('can be pressed at an open room by a browser that can’t encrypt', () => {
    const encryption = { offered: false, why: 'No.' } as const;
    expect(joinBlock({ ...open, encryption })).toBeUndefined();
  });

  test('can be pressed without a camera: one may just listen', () => {
    expect(joinBlock({ ...open, devices: 'failed' })).toBeUndefined();
    expect(joinBlock({ ...open, devices: 'without' })).toBeUndefined();
  });

  test.each<[string, Partial<DoorFacts>, RegExp]>([
    [
      'streaming is not offered here',
      { streaming: { offered: false, why: 'WebRTC is off.' } },
      /WebRTC is off/,
    ],
    [
      'the room is encrypted and this browser can’t do that',
      {
        room: { status: 'ready', value: { ...room, private: true } },
        encryption: { offered: false, why: 'No.' },
      },
      /encrypted end to end.*Chrome/,
    ],
    ['a guest has no name yet', { guest: { name: undefined } }, /name/],
    ['the browser still asks about the camera', { devices: 'asking' }, /camera/],
    ['the room is still looked for', { room: { status: 'loading' } }, /Looking/],
    ['the person is in another room', { elsewhere: true }, /Leave it first/],
  ])('says why not while %s', (_why, facts, words) => {
    expect(joinBlock({ ...open, ...facts })).toMatch(words);
  });
});

describe('the door', () => {
  test('is open where the room is on', () => {
    expect(closedDoor(found, false, undefined)).toBeUndefined();
  });

  test('of a private room is open to whoever has an invitation', () => {
    expect(closedDoor(refused('invite-required'), true, undefined)).toBeUndefined();
    expect(closedDoor(refused('invite-required'), false, undefined)).toMatchObject({
      code: 'invite-required',
    });
  });

  test('of an ended room is closed', () => {
    const ended = { status: 'ready', value: { ...room, state: 'ended' } } as const;
    expect(closedDoor(ended, true, undefined)).toMatchObject({ code: 'room-closed' });
  });

  test.each(['room-not-found', 'internal'])('says %s', (code) => {
    expect(closedDoor(refused(code), true, undefined)).toMatchObject({ code });
  });

  test.each(['invite-expired', 'invite-revoked', 'room-full', 'banned'])(
    'closes when joining was refused with %s',
    (code) => {
      expect(closedDoor(found, true, { code, message: 'No.' })).toMatchObject({ code });
    },
  );

  test('stays open when joining failed for a passing reason', () => {
    expect(closedDoor(found, true, { code: 'rate-limited', message: 'Wait.' })).toBeUndefined();
  });
});

describe('an invitation in the address', () => {
  test('is found with and without the #', () => {
    expect(inviteFromHash('#invite=a.b.c')).toBe('a.b.c');
    expect(inviteFromHash('invite=a.b.c')).toBe('a.b.c');
  });

  test.each(['', '#', '#invite=', '#other=a'])('is not found in "%s"', (hash) => {
    expect(inviteFromHash(hash)).toBeUndefined();
  });
});
