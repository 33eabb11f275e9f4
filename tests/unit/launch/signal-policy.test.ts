import { describe, expect, it } from 'vitest';
import { SAME_WISH_MS, signalPolicy } from '../../../scripts/setup/supervise.mjs';

describe('being asked to stop', () => {
  it('hands on the first signal, takes its echo as the same wish, and stops at once at the next', () => {
    let now = 1000;
    const act = signalPolicy(() => now);
    expect(act()).toBe('forward');
    now += SAME_WISH_MS - 1;
    expect(act()).toBe('ignore');
    now += 1;
    expect(act()).toBe('kill');
  });
});
