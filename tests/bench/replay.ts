import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../support/browsers.ts';
import { seedReplay } from '../support/seeded-replay.ts';
import { startStudio } from '../support/studio-process.ts';
import { latencyOf, table } from './figures.ts';
import { type ViewerFigures, watch } from './replay/viewer.ts';

/**
 * Viewers of one replay: what part of it comes from each other, how soon they see something, and
 * whether they stall; beside the same viewers with everything from the node.
 *
 *   npm run bench:replay [-- --viewers 8 --seconds 60 --apart 1 --json FILE]
 */
const { values: flags } = parseArgs({
  options: {
    viewers: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '60' },
    /** Seconds between one viewer's start and the next one's. */
    apart: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const viewers = Number(flags.viewers);
const seconds = Number(flags.seconds);

const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-replay-'));
const dataFolder = join(folder, 'data');
const browser = await launchBrowser();
try {
  const path = await seedReplay(dataFolder, seconds, '640x360');
  const studio = await startStudio(dataFolder);
  const runs: { name: string; each: ViewerFigures[] }[] = [];
  for (const [name, sharing] of [
    ['plain HTTP', false],
    ['with other viewers', true],
  ] as const) {
    const each = await Promise.all(
      Array.from({ length: viewers }, (_, index) =>
        watch(browser, `${studio.address}${path}`, {
          sharing,
          afterMs: index * Number(flags.apart) * 1000,
        }),
      ),
    );
    runs.push({ name, each });
  }
  await studio.stop();
  console.log(
    `${viewers} viewers of ${seconds} s at 640x360, ${flags.apart} s apart; ` +
      `load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log(
    table([
      [
        '',
        'MB in all',
        'from the node',
        'from viewers',
        'start p50 ms',
        'start max ms',
        'stalls',
        'stalled ms',
      ],
      ...runs.map(({ name, each }) => rowOf(name, each)),
    ]),
  );
  if (flags.json) await writeFile(flags.json, `${JSON.stringify(runs, null, 2)}\n`);
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

function rowOf(name: string, each: readonly ViewerFigures[]): string[] {
  const sum = (of: (figures: ViewerFigures) => number) =>
    each.reduce((total, figures) => total + of(figures), 0);
  const playedBytes = sum((figures) => figures.playedBytes);
  const nodeBytes = sum((figures) => figures.nodeBytes);
  const start = latencyOf(each.map(({ firstFrameMs }) => firstFrameMs));
  const share = (bytes: number) => `${((100 * bytes) / playedBytes).toFixed(0)} %`;
  return [
    name,
    (playedBytes / 1e6).toFixed(1),
    share(nodeBytes),
    share(playedBytes - nodeBytes),
    start.p50Ms.toFixed(0),
    start.maxMs.toFixed(0),
    String(sum(({ stalls }) => stalls)),
    sum(({ stalledMs }) => stalledMs).toFixed(0),
  ];
}
