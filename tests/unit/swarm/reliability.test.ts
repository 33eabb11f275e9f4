import { describe, expect, it } from 'vitest';
import { Reliability } from '../../../renderer/swarm/reliability.ts';

describe('another viewer', () => {
  it('is left alone for longer each time it was waited for in vain', () => {
    let nowMs = 0;
    const word = new Reliability(() => nowMs);
    const aloneFor = () => {
      const fromMs = nowMs;
      while (!word.isReliable) nowMs += 1_000;
      return nowMs - fromMs;
    };
    expect(word.isReliable).toBe(true);
    const pauses = Array.from({ length: 7 }, () => {
      word.missed();
      return aloneFor() / 1000;
    });
    expect(pauses).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });

  it('makes up for one time with one kept word', () => {
    let nowMs = 0;
    const word = new Reliability(() => nowMs);
    word.missed();
    word.missed();
    word.kept();
    nowMs = 20_000;
    expect(word.isReliable).toBe(true);
    word.missed();
    nowMs += 19_999;
    expect(word.isReliable).toBe(false);
    nowMs += 1;
    expect(word.isReliable).toBe(true);
  });
});
