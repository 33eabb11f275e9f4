import { expect, test } from 'vitest';
import { TakeHead } from '../../../renderer/media/take-head.ts';

async function passed(slices: readonly number[][]): Promise<number[][]> {
  const head = new TakeHead();
  const out = slices.flatMap((bytes) => head.pass(new Blob([Uint8Array.from(bytes)])) ?? []);
  return Promise.all(out.map(async (blob) => [...new Uint8Array(await blob.arrayBuffer())]));
}

test('a take’s first slice has all of what it is known by, and no byte is lost', async () => {
  expect(await passed([[0x1a], [0x45, 0xdf], [0xa3, 7], [8], [9]])).toEqual([
    [0x1a, 0x45, 0xdf, 0xa3, 7],
    [8],
    [9],
  ]);
});

test('slices that come as they should are handed on as they are', async () => {
  const slices = [[0x1a, 0x45, 0xdf, 0xa3], [1], [2, 3]];
  expect(await passed(slices)).toEqual(slices);
});
