import { describe, expect, it } from 'vitest';
import { hasJumpedAhead, heldUntil } from '../../../main/recording/library/retention-clock.ts';

const DAY = 24 * 60 * 60 * 1000;
const YEAR = 365 * DAY;
const NOW = Date.UTC(2026, 0, 31);

describe('a clock that is looked at again', () => {
  it('by the same studio is believed when time has passed as it says', () => {
    const before = { wallMs: NOW, steadyMs: 1000 };
    expect(hasJumpedAhead(before, { wallMs: NOW + 90 * DAY, steadyMs: 1000 + 90 * DAY })).toBe(
      false,
    );
  });

  it('is believed after the machine slept over a weekend', () => {
    const before = { wallMs: NOW, steadyMs: 1000 };
    expect(hasJumpedAhead(before, { wallMs: NOW + 3 * DAY, steadyMs: 2000 })).toBe(false);
  });

  it('is not when it is years ahead of the time that passed', () => {
    const before = { wallMs: NOW, steadyMs: 1000 };
    expect(hasJumpedAhead(before, { wallMs: NOW + 3 * YEAR, steadyMs: 2000 })).toBe(true);
  });

  it('at another start is believed after a month away, and not after years', () => {
    expect(hasJumpedAhead({ wallMs: NOW }, { wallMs: NOW + 31 * DAY, steadyMs: 0 })).toBe(false);
    expect(hasJumpedAhead({ wallMs: NOW }, { wallMs: NOW + 2 * YEAR, steadyMs: 0 })).toBe(true);
  });

  it('is no jump ahead when it goes back, but is when it is put right', () => {
    const wrong = { wallMs: NOW - 6 * YEAR, steadyMs: 0 };
    expect(hasJumpedAhead({ wallMs: NOW }, wrong)).toBe(false);
    expect(hasJumpedAhead(wrong, { wallMs: NOW, steadyMs: 60_000 })).toBe(true);
  });
});

describe('deletions by date', () => {
  it('are put off for as long as a recording is kept after a jump', () => {
    expect(heldUntil(0, true, NOW, 30 * DAY)).toBe(NOW + 30 * DAY);
    expect(heldUntil(NOW + DAY, false, NOW, 30 * DAY)).toBe(NOW + DAY);
  });

  it('are not put off for years when a clock that was ahead is put back', () => {
    const ahead = NOW + 10 * YEAR;
    const held = heldUntil(0, true, ahead, 30 * DAY);
    expect(heldUntil(held, false, NOW, 30 * DAY)).toBe(NOW + 30 * DAY);
  });
});
