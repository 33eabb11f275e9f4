import { expect, it } from 'vitest';
import { fuzzNode } from '../../fuzz/fuzz-node.ts';

/** `npm run test:fuzz` sends eighty times as many. */
const COUNT = 1_200;

/** What the node may keep of people who are gone: their posts and names, and compiled code. */
const HEAP_GROWTH_MB = 15;

it('random and mutated requests and messages are refused with a code, and leave nothing behind', async () => {
  const seed = Date.now() % 2 ** 32;
  const report = await fuzzNode({ seed, count: COUNT }).catch((error: Error) => {
    throw new Error(`Seed ${seed}: ${error.message}`);
  });
  expect(report.requests).toBeGreaterThanOrEqual(COUNT);
  expect(report.messages).toBeGreaterThanOrEqual(COUNT);
  // Not refused alone: what got through did things.
  expect((report.statuses[200] ?? 0) / report.requests).toBeGreaterThan(0.1);
  expect(report.connectionsLeft).toBe(0);
  expect(report.roomsLeft).toBe(0);
  expect(report.heapMb.last - report.heapMb.first).toBeLessThan(HEAP_GROWTH_MB);
});
