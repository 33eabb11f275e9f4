import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentialBackoff, reconnectDelay } from '../../../renderer/rooms/reconnect-delay.ts';

describe('waiting between tries', () => {
  it('doubles from try to try and then stays at the longest wait', () => {
    const policy = exponentialBackoff({ firstMs: 500, maxMs: 30_000, random: () => 0 });
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => policy.delayMs(attempt));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('takes up to half off, so that clients do not come back in step', () => {
    const policy = exponentialBackoff({ firstMs: 1000, maxMs: 30_000, random: () => 0.999 });
    expect(policy.delayMs(0)).toBeCloseTo(500.5);
  });

  it('never makes anybody wait for more than 30 s', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (attempt) => {
        const waitMs = reconnectDelay.delayMs(attempt);
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(30_000);
      }),
    );
  });
});
