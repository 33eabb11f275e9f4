import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../../../main/rendezvous/sockets/sliding-window.ts';

describe('a budget of 3 in 10 s', () => {
  it('is spent after 3, and comes back one by one', () => {
    const window = new SlidingWindow(3, 10_000);
    expect([0, 1000, 2000, 3000].map((at) => window.take(at))).toEqual([true, true, true, false]);
    expect(window.isFull(9999)).toBe(true);
    expect([10_000, 10_000, 11_000, 11_999].map((at) => window.take(at))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('is never exceeded in any window, at whatever moments it is asked', () => {
    const window = new SlidingWindow(3, 10_000);
    const taken: number[] = [];
    for (let at = 0; at < 100_000; at += 700) if (window.take(at)) taken.push(at);
    for (const [index, at] of taken.entries()) {
      const fourth = taken[index + 3];
      if (fourth !== undefined) expect(fourth - at).toBeGreaterThanOrEqual(10_000);
    }
    expect(taken.length).toBeGreaterThan(20);
  });
});
