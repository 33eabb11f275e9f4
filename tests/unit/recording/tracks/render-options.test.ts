import { expect, test } from 'vitest';
import { audioOptions, playbackRate } from '../../../../main/recording/editing/render-options.ts';

test('a drift is made up for to within 10 ms in two hours', () => {
  for (const driftPpm of [-150, -21, -3, 0, 1.4, 20, 77, 149.3]) {
    const leftMs = Math.abs(playbackRate(driftPpm) - 1 - driftPpm / 1e6) * 2 * 3_600_000;
    expect(leftMs).toBeLessThan(10);
  }
});

test('sound without drift is not resampled twice', () => {
  expect(playbackRate(0.4)).toBe(1);
  expect(audioOptions(1).join(' ')).not.toContain('asetrate');
  expect(audioOptions(playbackRate(20)).join(' ')).toContain('asetrate=480010');
});
