import { expect, test } from 'vitest';
import { pictureZeroMs } from '../../../renderer/media/take-beginning.ts';

const ZERO_MS = 1_795_757_953_840;
const STAMPS = Array.from({ length: 40 }, (_, index) => 160 + index * 33.4);
const PAINTED = STAMPS.map((stampMs) => ZERO_MS + stampMs);

test('what pictures say of when they were painted and where they lie tells where zero is', () => {
  expect(pictureZeroMs(PAINTED, STAMPS)).toBeCloseTo(ZERO_MS, 3);
});

test('a first picture that waited for the encoder does not count', () => {
  const [first = 0, ...others] = STAMPS;
  expect(pictureZeroMs(PAINTED, [first + 110, ...others])).toBeCloseTo(ZERO_MS, 3);
});

test('one that the encoder left out late moves nothing', () => {
  const stamps = STAMPS.filter((_, index) => index !== 20);
  expect(pictureZeroMs(PAINTED, stamps)).toBeCloseTo(ZERO_MS, 3);
});

test('of fewer pictures in the stream than were painted, those count that are there', () => {
  expect(pictureZeroMs(PAINTED, STAMPS.slice(0, 3))).toBeCloseTo(ZERO_MS, 3);
  expect(pictureZeroMs(PAINTED, [])).toBeUndefined();
  expect(pictureZeroMs([], STAMPS)).toBeUndefined();
});
