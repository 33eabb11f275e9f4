import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClockPoint, fitTrackClock } from '../../../../main/recording/tracks/track-clock.ts';

const RATE = 48_000;
const HOUR_MS = 3_600_000;

/** Points every half second of a clock that drifts, each off by its jitter. */
function pointsOf(
  durationMs: number,
  { fromMs = 0, offsetMs = 5_000_000, driftPpm = 0, jitter = (_: number): number => 0 } = {},
): ClockPoint[] {
  return Array.from({ length: Math.floor(durationMs / 500) }, (_, index) => {
    const sentMs = fromMs + index * 500;
    const atMs = offsetMs + sentMs / (1 + driftPpm / 1e6) + jitter(index);
    return { ticks: (sentMs * RATE) / 1000, atMs };
  });
}

/** Jitter of up to so many ms that looks like chance and is the same each time. */
const jitterOf = (ms: number) => (index: number) => ((index * 7919) % (2 * ms + 1)) - ms;

describe('the clock of a track', () => {
  test('two hours later it is still right to a few milliseconds, whatever it drifts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -150, max: 150 }),
        fc.integer({ min: 0, max: 40 }),
        (driftPpm, jitterMs) => {
          const points = pointsOf(2 * HOUR_MS, { driftPpm, jitter: jitterOf(jitterMs) });
          const clock = fitTrackClock(points, [], RATE);
          const end = 5_000_000 + (2 * HOUR_MS) / (1 + driftPpm / 1e6);
          expect(Math.abs(clock.toHostMs((2 * HOUR_MS * RATE) / 1000) - end)).toBeLessThan(10);
          expect(Math.abs(clock.driftPpm - driftPpm)).toBeLessThan(3);
          expect(clock.errorMs).toBeLessThanOrEqual(jitterMs / 2 + 5);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('without the drift being told, two hours would be off by a second', () => {
    const points = pointsOf(2 * HOUR_MS, { driftPpm: 140 });
    const nominal = points[0]?.atMs ?? 0;
    expect(Math.abs(nominal + 2 * HOUR_MS - (points.at(-1)?.atMs ?? 0))).toBeGreaterThan(1000);
  });

  test('a jitter buffer that grew in the middle is followed, since what people heard was later', () => {
    const before = pointsOf(30_000);
    const after = pointsOf(30_000, { fromMs: 30_000, offsetMs: 5_000_400 });
    const clock = fitTrackClock([...before, ...after], [], RATE);
    expect(clock.toHostMs(10 * RATE)).toBeCloseTo(5_010_000, 0);
    expect(clock.toHostMs(50 * RATE)).toBeCloseTo(5_050_400, 0);
  });

  test('a microphone that was away while its timestamps stood still comes back where it did', () => {
    const away = 60_000;
    const before = pointsOf(10_000);
    const after = pointsOf(10_000, { fromMs: 10_000, offsetMs: 5_000_000 + away });
    // The first frame after it came half a second before anything was played of it.
    const arrivals = [...before, ...after].map(({ ticks, atMs }) => ({ ticks, atMs: atMs - 60 }));
    const clock = fitTrackClock([...before, ...after.slice(1)], arrivals, RATE);
    expect(clock.toHostMs(10 * RATE)).toBeCloseTo(5_010_000 + away, 0);
    expect(clock.toHostMs(9.9 * RATE)).toBeCloseTo(5_009_900, 0);
  });

  test('single points that are off change nothing', () => {
    const points = pointsOf(30_000).map((point, index) =>
      index % 10 === 3 ? { ...point, atMs: point.atMs + 900 } : point,
    );
    const clock = fitTrackClock(points, [], RATE);
    expect(clock.toHostMs(20 * RATE)).toBeCloseTo(5_020_000, 0);
  });

  test('nor do first ones: an encoder that opens slowly delays the first frame alone', () => {
    const points = pointsOf(4_000).map((point, index) =>
      index < 2 ? { ...point, atMs: point.atMs + 630 } : point,
    );
    const clock = fitTrackClock(points, [], RATE);
    expect(clock.toHostMs(0)).toBeCloseTo(5_000_000, 0);
    expect(clock.toHostMs(3 * RATE)).toBeCloseTo(5_003_000, 0);
  });

  test('one point is a clock, none is refused', () => {
    expect(fitTrackClock([{ ticks: RATE, atMs: 7000 }], [], RATE).toHostMs(2 * RATE)).toBe(8000);
    expect(() => fitTrackClock([], [], RATE)).toThrow(RangeError);
  });

  test('a slope that no quartz has is taken for jitter', () => {
    const clock = fitTrackClock(pointsOf(120_000, { driftPpm: 20_000 }).slice(0, 150), [], RATE);
    expect(Math.abs(clock.driftPpm)).toBeLessThan(1);
  });
});
