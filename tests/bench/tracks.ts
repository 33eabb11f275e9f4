/**
 * What separate tracks cost: `npm run bench:tracks -- [--only journals|load] [--hours 2]
 * [--tracks 8] [--peers 4] [--rounds 2] [--seconds 15] [--dir DIR] [--json FILE]`.
 *
 * First main's side: the slices of all tracks, encrypted, hashed and synced, as fast as they can be
 * stored. Then the window's: a browser that receives cameras and microphones, without a tap, with
 * one, keeping separate tracks, and encoding each again with MediaRecorder, in turn.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './figures.ts';
import { type JournalFigures, measureJournals } from './tracks/journals.ts';
import { type LoadFigures, measureLoad } from './tracks/load.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    hours: { type: 'string', default: '2' },
    tracks: { type: 'string', default: '8' },
    peers: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '15' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'string' },
  },
});
const [hours, tracks, peers, rounds, seconds] = (
  ['hours', 'tracks', 'peers', 'rounds', 'seconds'] as const
).map((name) => Number(values[name]));
if (![hours, tracks, peers, rounds, seconds].every((value) => value !== undefined && value > 0)) {
  console.error('--hours, --tracks, --peers, --rounds and --seconds take numbers greater than 0.');
  process.exit(1);
}

const dir = await mkdtemp(join(values.dir, 'swarm-bench-'));
try {
  const journals =
    values.only === 'load' ? undefined : await measureJournals(dir, tracks ?? 0, hours ?? 0);
  if (journals) console.log(journalsText(journals));
  const load =
    values.only === 'journals'
      ? undefined
      : await measureLoad(peers ?? 0, rounds ?? 0, (seconds ?? 0) * 1000);
  if (load) console.log(loadTable(load, 2 * (peers ?? 0)));
  if (values.json) await writeFile(values.json, `${JSON.stringify({ journals, load }, null, 2)}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}

function journalsText(figures: JournalFigures): string {
  const { append, memory } = figures;
  return [
    `${figures.tracks} tracks at once, ${figures.hours} h of each in ${figures.elapsedS.toFixed(0)} s: ${figures.storedGb.toFixed(2)} GB`,
    `append: p50 ${append.p50Ms.toFixed(1)} ms, p99 ${append.p99Ms.toFixed(1)} ms, max ${append.maxMs.toFixed(0)} ms; ${figures.lateSlices} later than 1 s`,
    `RSS after 5 minutes ${memory.startMb.toFixed(0)} MB, at most ${memory.peakMb.toFixed(0)} MB, at the end ${memory.endMb.toFixed(0)} MB`,
    `processor: ${(figures.cpuMsPerTrackSecond / 10).toFixed(2)} % of a core for each track in real time`,
  ].join('\n');
}

function loadTable(load: readonly LoadFigures[], recorded: number): string {
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const tapped = mean(load.find(({ mode }) => mode === 'tapped')?.cores ?? []);
  return table([
    ['', 'cores, each round', 'mean', '% of a core per track over not recording', 'MB kept'],
    ...load.map(({ mode, cores, keptMb }) => [
      mode,
      cores.map((value) => value.toFixed(2)).join(' '),
      mean(cores).toFixed(2),
      (((mean(cores) - tapped) / recorded) * 100).toFixed(1),
      keptMb.toFixed(1),
    ]),
  ]);
}
