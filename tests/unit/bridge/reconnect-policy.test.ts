import { describe, expect, it } from 'vitest';
import { RETURN_GRACE_MS } from '../../../main/bridge/window-presence.ts';
import { reconnectDelay } from '../../../renderer/bridge/reconnect-policy.ts';

describe('coming back to the studio', () => {
  it('is tried at once, then ever more rarely, then given up', () => {
    const delays = Array.from({ length: 6 }, (_, attempt) => reconnectDelay(attempt));
    expect(delays[0]).toBe(0);
    expect(delays).toEqual(delays.toSorted((a, b) => Number(a) - Number(b)));
    expect(reconnectDelay(6)).toBeUndefined();
  });

  it('is over before the studio counts the window as gone', () => {
    let totalMs = 0;
    for (let attempt = 0; reconnectDelay(attempt) !== undefined; attempt += 1) {
      totalMs += reconnectDelay(attempt) ?? 0;
    }
    expect(totalMs).toBeLessThan(RETURN_GRACE_MS);
  });
});
