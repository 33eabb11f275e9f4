import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fuzzNode } from './fuzz-node.ts';

/**
 * Random and mutated requests and messages against a real node: no fault, no leak. Ends with 1 at
 * the first fault. A seed that was printed repeats its run.
 *
 *   npm run test:fuzz [-- --count 100000 --seed 1]
 */
const { values: flags } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const seed = Number(flags.seed ?? Date.now() % 2 ** 32);
console.log(`Seed ${seed}.`);

const startedAtMs = performance.now();
let told = 0;
const report = await fuzzNode({
  seed,
  count: Number(flags.count),
  progress({ requests, messages }) {
    if (requests - told < 10_000) return;
    told = requests;
    console.log(`${requests} requests, ${messages} messages`);
  },
});
const seconds = (performance.now() - startedAtMs) / 1000;
console.log(JSON.stringify({ ...report, seconds, load: loadavg()[0] }, null, 2));
