import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimestampUnwrapper } from '../../../../main/recording/tracks/timestamp-unwrapper.ts';

const RANGE = 2 ** 32;

test('timestamps that wrap around go on rising', () => {
  const unwrapper = new TimestampUnwrapper(90_000);
  const from = RANGE - 4500;
  const ticks = [0, 3000, 6000, 9000].map((sent) =>
    unwrapper.unwrap((from + sent) % RANGE, 1_000_000 + sent / 90),
  );
  expect(ticks).toEqual([from, from + 3000, from + 6000, from + 9000]);
});

test('a frame that comes after its successors keeps its place across the wrap', () => {
  const unwrapper = new TimestampUnwrapper(90_000);
  unwrapper.unwrap(RANGE - 3000, 1000);
  expect(unwrapper.unwrap(3000, 1070)).toBe(RANGE + 3000);
  expect(unwrapper.unwrap(0, 1080)).toBe(RANGE);
});

test('a camera that was off for a day comes back in its right turn', () => {
  const unwrapper = new TimestampUnwrapper(90_000);
  const day = 24 * 3600 * 1000;
  const from = unwrapper.unwrap(17, 0);
  const sent = day * 90;
  expect(unwrapper.unwrap((17 + sent) % RANGE, day) - from).toBe(sent);
});

test('whatever the start, the rate, the jitter and the drift, differences are the true ones', () => {
  fc.assert(
    fc.property(
      fc.nat(RANGE - 1),
      fc.constantFrom(48_000, 90_000),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: -80, max: 80 })), {
        minLength: 1,
        maxLength: 200,
      }),
      fc.integer({ min: -200, max: 200 }),
      (from, rate, steps, driftPpm) => {
        const unwrapper = new TimestampUnwrapper(rate);
        let sentMs = 0;
        const first = unwrapper.unwrap(from, 1_000_000);
        for (const [stepMs, jitterMs] of steps) {
          sentMs += stepMs;
          const sent = Math.round((sentMs * rate) / 1000);
          const atMs = 1_000_000 + sentMs * (1 + driftPpm / 1e6) + jitterMs;
          expect(unwrapper.unwrap((from + sent) % RANGE, atMs) - first).toBe(sent);
        }
      },
    ),
  );
});
