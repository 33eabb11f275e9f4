import { expect, test } from 'vitest';
import { SourceClock } from '../../../renderer/tracks/source-clock.ts';

/** Frames every 10 ms from 5 s on the host's clock, each read so many ms after its capture. */
function captured(delaysMs: readonly number[], originMs = 3_000): (number | undefined)[] {
  const clock = new SourceClock();
  return delaysMs.map((delayMs, index) => {
    const atMs = 5_000 + index * 10;
    return clock.capturedAtMs((atMs - originMs) * 1000, atMs + delayMs);
  });
}

test('a frame that is read late was still captured when it was', () => {
  const delays = [1, 1, 1, 1, 300, 2, 250, 140, 90, 3];
  const times = captured(delays);
  expect(times.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
  for (const [index, atMs] of times.entries()) {
    if (index > 4 && atMs !== undefined)
      expect(Math.abs(atMs - 5_000 - index * 10)).toBeLessThan(4);
  }
});

test('first timestamps of another origin are not counted', () => {
  const clock = new SourceClock();
  const first = [586_000, 598_000, 9_500, 20_000].map((us) => clock.capturedAtMs(us, 600));
  expect(first).toEqual([undefined, undefined, undefined, undefined]);
  expect(clock.capturedAtMs(30_000, 640)).toBe(640);
});

test('a source that counts anew is followed', () => {
  const clock = new SourceClock();
  for (let index = 0; index < 10; index += 1)
    clock.capturedAtMs(index * 10_000, 1_000 + index * 10);
  expect(clock.capturedAtMs(900_000_000, 1_100)).toBe(1_100);
});
