import { describe, expect, it } from 'vitest';
import * as to from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

const ada = participant('ada', { role: 'host' });
const lin = participant('lin');
const inside = to.roomUpdated(
  to.joined(to.joining(to.OUTSIDE), { room: room(), participant: ada, participants: [ada] }),
  room({ participantCount: 2 }),
  [ada, lin],
);

describe('entering a room', () => {
  it('shows nothing of the room before', () => {
    const again = to.joining(to.problemMet(inside, { code: 'internal', message: 'Oh.' }));
    expect(again).toEqual({ ...to.OUTSIDE, phase: 'joining' });
  });

  it('shows oneself at once, and the others with the first roster', () => {
    const alone = to.joined(to.OUTSIDE, { room: room(), participant: ada, participants: [ada] });
    expect(Object.keys(alone.participants)).toEqual([ada.peerId]);
    expect(alone.self).toEqual({ peerId: ada.peerId, role: 'host', muted: ada.muted });
    expect(Object.keys(inside.participants)).toEqual([ada.peerId, lin.peerId]);
  });
});

describe('a room that changes', () => {
  it('forgets the connection of somebody who is gone', () => {
    const linked = to.linkChanged(inside, lin.peerId, { state: 'connected' });
    expect(to.roomUpdated(linked, room(), [ada]).links).toEqual({});
  });

  it('is not changed by news of another room', () => {
    const other = room({ roomId: 'room_ba9876543210' });
    expect(to.roomUpdated(inside, other, [])).toBe(inside);
  });

  it('takes a new role from the roster', () => {
    const demoted = to.roomUpdated(inside, room(), [{ ...ada, role: 'speaker' }]);
    expect(demoted.self?.role).toBe('speaker');
  });

  it('keeps a fresh mute against a roster that is older', () => {
    const muted = to.selfMuted(inside, { audio: true });
    const updated = to.roomUpdated(muted, room(), [ada, lin], { audio: true });
    expect(updated.self?.muted).toEqual({ audio: true, video: false });
    expect(updated.participants[ada.peerId]?.muted.audio).toBe(true);
  });

  it('follows a mute by somebody else once none of ours is on its way', () => {
    const byModerator = { ...ada, muted: { audio: true, video: false } };
    expect(to.roomUpdated(inside, room(), [byModerator]).self?.muted.audio).toBe(true);
  });
});

describe('first frames', () => {
  it('are counted once, and kept when the connection is made anew', () => {
    const linked = to.linkChanged(inside, lin.peerId, { state: 'connected' });
    const seen = to.firstFrameSeen(to.firstFrameSeen(linked, lin.peerId, 120), lin.peerId, 900);
    const rebuilt = to.linkChanged(seen, lin.peerId, { state: 'connecting' });
    expect(rebuilt.links[lin.peerId]).toEqual({ state: 'connecting', firstFrameMs: 120 });
  });

  it('of somebody without a connection are ignored', () => {
    expect(to.firstFrameSeen(inside, lin.peerId, 120)).toBe(inside);
  });
});

describe('coming back after a lost socket', () => {
  const linked = to.linkChanged(inside, lin.peerId, { state: 'connected' });

  it('as the same peer keeps everybody’s connection and one’s own switches', () => {
    const muted = to.selfMuted(linked, { video: true });
    const back = to.rejoined(muted, {
      room: room({ title: 'New' }),
      participant: ada,
      participants: [ada],
    });
    expect(back.links).toEqual(linked.links);
    expect(back.self?.muted.video).toBe(true);
    expect(back.room?.title).toBe('New');
  });

  it('as another peer starts without connections', () => {
    const other = participant('ada2', { role: 'host' });
    const back = to.rejoined(linked, { room: room(), participant: other, participants: [other] });
    expect(back.links).toEqual({});
    expect(back.self?.peerId).toBe(other.peerId);
  });
});

describe('the end of a room', () => {
  it('leaves its title to be read until it is dismissed', () => {
    const over = to.ended(inside, 'ended-by-host');
    expect(over).toMatchObject({ phase: 'ended', endedReason: 'ended-by-host' });
    expect(over.room?.title).toBe('A room');
    expect(over.participants).toEqual({});
    expect(to.dismissed(over)).toEqual(to.OUTSIDE);
  });

  it('is nothing to somebody who is outside', () => {
    expect(to.ended(to.OUTSIDE, 'empty')).toBe(to.OUTSIDE);
  });

  it('is not what dismissing a problem means', () => {
    const troubled = to.problemMet(inside, { code: 'rate-limited', message: 'Slower, please.' });
    expect(to.dismissed(troubled)).toEqual(inside);
  });
});
