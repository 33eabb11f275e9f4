import { describe, expect, it } from 'vitest';
import { SILENCE_TICK_MS, Silence } from '../../../renderer/media/silence.ts';
import { takeRestartDelayMs } from '../../../renderer/media/take-restart-policy.ts';

describe('silence', () => {
  it('grows until something is heard', () => {
    const silence = new Silence(0);
    silence.tick(SILENCE_TICK_MS);
    expect(silence.tick(2 * SILENCE_TICK_MS)).toBe(2 * SILENCE_TICK_MS);
    silence.heard();
    expect(silence.tick(3 * SILENCE_TICK_MS)).toBe(SILENCE_TICK_MS);
  });

  it('is not made of time in which the page itself was held up', () => {
    const silence = new Silence(0);
    expect(silence.tick(60_000)).toBe(2 * SILENCE_TICK_MS);
  });
});

it('another take is begun at once, then with patience, and five in vain are enough', () => {
  expect([0, 1, 2, 3, 4, 5].map(takeRestartDelayMs)).toEqual([
    ...[0, 250, 500, 1000, 2000],
    undefined,
  ]);
});
