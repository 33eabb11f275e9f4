import { describe, expect, it } from 'vitest';
import {
  answerWithinMs,
  fetcherOf,
  waitForOthersMs,
} from '../../../renderer/swarm/fetch-policy.ts';

describe('who fetches a segment that nobody has', () => {
  const ids = Array.from({ length: 8 }, (_, n) => `peer-${n}-aaaaaaaaaaaaa`);
  const fetchersOf = (segment: number, playing = segment) =>
    ids.filter((self) => {
      const others = ids.filter((id) => id !== self).map((peerId) => ({ peerId, playing }));
      return fetcherOf(self, others, segment) === undefined;
    });

  it('is one of them, the same for all who ask', () => {
    for (let segment = 0; segment < 500; segment += 1) expect(fetchersOf(segment)).toHaveLength(1);
  });

  it('is named by all the others', () => {
    const others = ids.map((peerId) => ({ peerId, playing: 7 }));
    const [fetcher] = fetchersOf(7);
    for (const self of ids.filter((id) => id !== fetcher)) {
      const rest = others.filter(({ peerId }) => peerId !== self);
      expect(fetcherOf(self, rest, 7)?.peerId).toBe(fetcher);
    }
  });

  it('is everybody in turn', () => {
    const counts = new Map<string, number>();
    for (let segment = 0; segment < 800; segment += 1) {
      for (const id of fetchersOf(segment)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(ids.length);
    for (const count of counts.values()) expect(count).toBeGreaterThan(50);
  });

  it('is not left to who has passed it, or does not need it yet', () => {
    expect(fetcherOf('self', [{ peerId: 'other', playing: 50 }], 10)).toBeUndefined();
    expect(fetcherOf('self', [{ peerId: 'other', playing: 10 }], 12)).toBeUndefined();
  });
});

describe('how long others are waited for', () => {
  it('grows with what there is left to play, and not beyond bounds', () => {
    expect([0, 1, 1.5, 2, 3, 4.5, 30].map(waitForOthersMs)).toEqual([
      0, 0, 0, 500, 1500, 3000, 3000,
    ]);
    expect([0, 1.4, 1.5, 3, 30].map(answerWithinMs)).toEqual([0, 0, 750, 2250, 4000]);
  });
});
