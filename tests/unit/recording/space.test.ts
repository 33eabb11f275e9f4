import { describe, expect, it } from 'vitest';
import {
  drainPerSecond,
  timeLeftMs,
  USUAL_BYTES_PER_SECOND,
  withSample,
} from '../../../main/recording/watch/space-forecast.ts';
import { timeLeftWords } from '../../../protocol/recording-words.ts';

const GIB = 1024 ** 3;

describe('the time there is space for', () => {
  it('is what is left above the reserve at the rate of the recording', () => {
    const space = { freeBytes: 3 * GIB, reserveBytes: GIB, bytesPerSecond: GIB / 60 };
    expect(timeLeftMs(space)).toBeCloseTo(120_000, 5);
  });

  it('is none below the reserve', () => {
    expect(timeLeftMs({ freeBytes: 5, reserveBytes: GIB, bytesPerSecond: 1 })).toBe(0);
  });

  it('is some 3.5 hours on 8.5 GB at the usual quality', () => {
    const space = {
      freeBytes: 8.5e9,
      reserveBytes: 0.25e9,
      bytesPerSecond: USUAL_BYTES_PER_SECOND,
    };
    expect(timeLeftWords(timeLeftMs(space))).toBe('about 3 h 20 min');
  });
});

describe('how fast a disk fills', () => {
  const samples = (count: number, perSecond: number) =>
    Array.from({ length: count }, (_, i) => ({
      atMs: i * 1_000,
      freeBytes: 1_000_000 - i * perSecond,
    })).reduce<ReturnType<typeof withSample>>(withSample, []);

  it('is judged over the last minute', () => {
    expect(drainPerSecond(samples(200, 500))).toBe(500);
    expect(samples(200, 500)).toHaveLength(61);
  });

  it('is not judged from a few seconds', () => {
    expect(drainPerSecond(samples(4, 500))).toBe(0);
  });

  it('is nothing where space grows, or nobody has looked', () => {
    expect(drainPerSecond(samples(20, -500))).toBe(0);
    expect(drainPerSecond([])).toBe(0);
  });

  it('begins anew when the clock was set back', () => {
    const after = withSample(samples(10, 500), { atMs: -50_000, freeBytes: 1 });
    expect(after).toEqual([{ atMs: -50_000, freeBytes: 1 }]);
  });
});

it.each([
  [30_000, 'less than a minute'],
  [9.9 * 60_000, 'about 9 min'],
  [60 * 60_000, 'about 1 h'],
  [(3 * 60 + 47) * 60_000, 'about 3 h 40 min'],
  [25 * 3_600_000, 'more than a day'],
])('%d ms is %s', (ms, words) => {
  expect(timeLeftWords(ms)).toBe(words);
});
