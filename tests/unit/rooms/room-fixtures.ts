import type { Participant, Room } from '../../../protocol/rooms.ts';

/** A room as a node would tell of it. */
export function room(change: Partial<Room> = {}): Room {
  return {
    roomId: 'room_0123456789ab',
    context: 'profile',
    title: 'A room',
    visibility: 'public',
    private: false,
    state: 'live',
    broadcast: 'backstage',
    recording: 'off',
    host: { userId: 'u_AAAAAAAAAAAAAAAAAAAAAA', handle: 'ada', displayName: 'Ada' },
    participantCount: 1,
    capacity: 12,
    createdAt: '2026-01-01T12:00:00.000Z',
    ...change,
  };
}

/** Somebody in it; `name` also makes the ids. */
export function participant(name: string, change: Partial<Participant> = {}): Participant {
  return {
    peerId: `peer_${name.padEnd(12, '0')}`,
    userId: `u_${name.padEnd(22, 'A')}`,
    handle: name,
    displayName: name,
    role: 'speaker',
    connection: 'direct',
    muted: { audio: false, video: false },
    mutedByModerator: { audio: false, video: false },
    guest: false,
    status: 'active',
    joinedAt: '2026-01-01T12:00:00.000Z',
    lastHeartbeatAt: '2026-01-01T12:00:00.000Z',
    ...change,
  };
}
