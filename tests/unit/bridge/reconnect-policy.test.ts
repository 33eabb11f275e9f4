import { describe, expect, it } from 'vitest';
import { RETURN_GRACE_MS } from '../../../main/bridge/window-presence.ts';
import { reconnectDelay } from '../../../renderer/bridge/reconnect-policy.ts';

describe('coming back to the studio', () => {
  it('is tried at once, then ever more rarely, until the studio counts as away', () => {
    const delays = Array.from({ length: 4 }, (_, attempt) => reconnectDelay(attempt));
    expect(delays[0]).toBe(0);
    expect(delays).toEqual(delays.toSorted((a, b) => Number(a) - Number(b)));
    expect(reconnectDelay(4)).toBeUndefined();
  });

  it('is over before a recorder has many slices waiting, and long before the window counts as gone', () => {
    let totalMs = 0;
    for (let attempt = 0; reconnectDelay(attempt) !== undefined; attempt += 1) {
      totalMs += reconnectDelay(attempt) ?? 0;
    }
    expect(totalMs).toBeLessThanOrEqual(2_000);
    expect(totalMs).toBeLessThan(RETURN_GRACE_MS);
  });
});
