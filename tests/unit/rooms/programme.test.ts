import { expect, it } from 'vitest';
import { programmeOf } from '../../../renderer/rooms/programme.ts';
import { joined, OUTSIDE, roomUpdated } from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

it('the recording shows the host first, then the others as they came, and no listeners', () => {
  const host = participant('zoe', { role: 'host', joinedAt: '2026-01-01T12:00:00.000Z' });
  const late = participant('ada', { joinedAt: '2026-01-01T12:09:00.000Z' });
  const early = participant('lin', {
    joinedAt: '2026-01-01T12:01:00.000Z',
    muted: { audio: true, video: false },
  });
  const listener = participant('eve', { role: 'listener' });
  const state = roomUpdated(
    joined(OUTSIDE, { room: room(), participant: host, participants: [host] }),
    room(),
    [late, listener, early, host],
  );
  expect(programmeOf(state)).toEqual([
    { peerId: host.peerId, name: 'zoe', local: true, audioMuted: false, videoMuted: false },
    { peerId: early.peerId, name: 'lin', local: false, audioMuted: true, videoMuted: false },
    { peerId: late.peerId, name: 'ada', local: false, audioMuted: false, videoMuted: false },
  ]);
});
