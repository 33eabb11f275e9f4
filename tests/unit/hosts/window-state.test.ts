import { describe, expect, it } from 'vitest';
import { openingState } from '../../../main/hosts/electron/window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const second = { x: 1440, y: 0, width: 1920, height: 1080 };

describe('the window', () => {
  it('opens where it was left', () => {
    const left = { x: 1600, y: 40, width: 1200, height: 800, maximized: true };
    expect(openingState(left, [laptop, second])).toEqual(left);
  });

  it('opens on the first display when the one it was on is gone', () => {
    const size = { width: 1200, height: 800, maximized: false };
    expect(openingState({ ...size, x: 1600, y: 40 }, [laptop])).toEqual(size);
  });

  it('never opens where its title bar can’t be reached', () => {
    for (const [x, y] of [
      [1400, 100],
      [-1150, 100],
      [100, -50],
      [100, 880],
    ]) {
      const opened = openingState({ x, y, width: 1200, height: 800, maximized: false }, [laptop]);
      expect(opened).not.toHaveProperty('x');
    }
  });

  it('fits the display it opens on', () => {
    const left = { x: 10, y: 30, width: 4000, height: 3000, maximized: false };
    expect(openingState(left, [laptop])).toMatchObject({ width: 1440, height: 875 });
  });

  it('starts from scratch when what was kept makes no sense', () => {
    for (const stored of [undefined, 'wide', { width: 10, height: 10, maximized: false }, []]) {
      const opened = openingState(stored, [laptop]);
      expect(opened.width).toBeGreaterThan(900);
      expect(opened.maximized).toBe(false);
    }
  });
});
