import { beforeEach, describe, expect, it } from 'vitest';
import { LiveViewers } from '../../../main/replay/live-viewers.ts';

const ROOM = 'room_watched00000000';

let nowMs: number;
let viewers: LiveViewers;
beforeEach(() => {
  nowMs = 1_000_000;
  viewers = new LiveViewers(() => nowMs);
});

const page = (viewerId: string, address = '192.0.2.1') => ({ address, viewerId });

describe('the viewers of a live room', () => {
  it('count once each, however often their players ask', () => {
    for (let ask = 0; ask < 5; ask += 1) {
      viewers.saw(ROOM, { userId: 'u_ada' });
      viewers.saw(ROOM, page('tab-one1'));
      viewers.saw(ROOM, page('tab-two2'));
    }
    viewers.saw('room_another00000000', { userId: 'u_ada' });
    expect(viewers.count(ROOM)).toBe(3);
  });

  it('are gone when their players have not asked for 15 s', () => {
    viewers.saw(ROOM, { userId: 'u_ada' });
    viewers.saw(ROOM, { userId: 'u_grace' });
    nowMs += 10_000;
    viewers.saw(ROOM, { userId: 'u_ada' });
    nowMs += 6_000;
    expect(viewers.count(ROOM)).toBe(1);
    nowMs += 10_000;
    expect(viewers.count(ROOM)).toBe(0);
  });

  it('are not counted beside the room when they are in it', () => {
    viewers.saw(ROOM, { userId: 'u_ada' });
    viewers.saw(ROOM, { userId: 'u_grace' });
    expect(viewers.count(ROOM, ['u_ada', 'u_host'])).toBe(1);
  });

  it('can not be made up: an address counts for ten at most', () => {
    for (let made = 0; made < 1_000; made += 1) viewers.saw(ROOM, page(`made-up-${made}`));
    viewers.saw(ROOM, page('honest-1', '192.0.2.11'));
    viewers.saw(ROOM, { userId: 'u_ada' });
    expect(viewers.count(ROOM)).toBe(12);
  });

  it('are bounded, and forgotten with their room', () => {
    for (let made = 0; made < 30_000; made += 1) viewers.saw(ROOM, { userId: `u_${made}` });
    expect(viewers.count(ROOM)).toBe(20_000);
    viewers.forget(ROOM);
    expect(viewers.count(ROOM)).toBe(0);
  });
});
