import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverCrop,
  ellipsize,
  type Rect,
  tileLayout,
} from '../../../renderer/media/tile-layout.ts';

describe('tiles', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 3],
    [9, 3],
    [12, 4],
  ])('%i people stand in %i columns of a 1280x720 picture', (count, columns) => {
    const tops = tileLayout(count, 1280, 720, 12).map(({ y }) => y);
    expect(tops.filter((y) => y === tops[0])).toHaveLength(Math.min(columns, count));
  });

  it('never overlap and never leave the picture, however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(20), (count, gap) => {
        const tiles = tileLayout(count, 1280, 720, gap);
        expect(tiles).toHaveLength(count);
        for (const [index, tile] of tiles.entries()) {
          expect(tile.x >= 0 && tile.y >= 0).toBe(true);
          expect(tile.x + tile.width <= 1280 && tile.y + tile.height <= 720).toBe(true);
          expect(tiles.slice(index + 1).some((other) => overlap(tile, other))).toBe(false);
        }
      }),
    );
  });

  it('are centred in a last row that is not full', () => {
    const [first, , third] = tileLayout(3, 1280, 720, 12);
    expect(third?.x).toBe(640 - Math.floor((third?.width ?? 0) / 2));
    expect(third?.width).toBe(first?.width);
  });

  it('are none in an empty room', () => {
    expect(tileLayout(0, 1280, 720, 12)).toEqual([]);
  });
});

describe('a camera’s picture', () => {
  it('loses its sides when it is wider than its tile', () => {
    const tile = { x: 0, y: 0, width: 160, height: 160 };
    expect(coverCrop({ width: 640, height: 320 }, tile)).toEqual({
      x: 160,
      y: 0,
      width: 320,
      height: 320,
    });
  });

  it('of a phone held upright loses top and bottom', () => {
    const tile = { x: 0, y: 0, width: 160, height: 90 };
    const crop = coverCrop({ width: 720, height: 1280 }, tile);
    expect(crop).toMatchObject({ x: 0, width: 720, height: 405 });
    expect(crop.y).toBeCloseTo(437.5);
  });
});

describe('a name', () => {
  const perLetter = (text: string) => [...text].length;

  it('that fits stays as it is', () => {
    expect(ellipsize('Ada', 3, perLetter)).toBe('Ada');
  });

  it('that is too long ends in an ellipsis', () => {
    expect(ellipsize('Ada Lovelace', 6, perLetter)).toBe('Ada L…');
    expect(ellipsize('Ada Lovelace', 5, perLetter)).toBe('Ada…');
  });

  it('is never cut within a character', () => {
    expect(ellipsize('👩🏽👩🏽👩🏽', 4, perLetter)).toBe('👩🏽…');
  });
});

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
