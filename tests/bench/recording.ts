/**
 * What a recording is worth when something dies, and what it costs when nothing does:
 * `npm run bench:recording -- [--only kills,stop,append] [--kills 50] [--seed N] [--rounds 3]
 * [--slices 2000] [--dir DIR] [--json FILE]`.
 *
 * Kills: SIGKILL of main, renderer and ffmpeg in turn, and how much of the recording is missing
 * afterwards. Stop: from Stop to a replay that is ready. Append: a slice on its way to the disk.
 * Each beside what others do, in the same run.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../../main/recording/packaging/find-ffmpeg.ts';
import { appendTable, measureAppends } from './recording/appends.ts';
import { measureKills } from './recording/kills.ts';
import { lossTable } from './recording/losses.ts';
import { measureStops, stopTable } from './recording/stops.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'kills,stop,append' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    rounds: { type: 'string', default: '3' },
    slices: { type: 'string', default: '2000' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'string' },
  },
});
const PARTS = ['kills', 'stop', 'append'];
const parts = values.only.split(',');
const kills = wholeNumber('kills');
const seed = wholeNumber('seed');
const rounds = wholeNumber('rounds');
const slices = wholeNumber('slices');
if (parts.some((part) => !PARTS.includes(part))) {
  console.error(`--only takes ${PARTS.join(', ')}.`);
  process.exit(1);
}
const ffmpeg = await findFfmpeg();
if (ffmpeg.path === undefined) {
  console.error(ffmpeg.problem);
  process.exit(1);
}
const ffmpegPath = ffmpeg.path;
const dir = await mkdtemp(join(values.dir, 'swarm-bench-recording-'));
const figures: Record<string, unknown> = {};
try {
  if (parts.includes('kills')) {
    begin(`Media lost in ${kills} kills (seed ${seed}); to reach: 1000 ms at most`);
    const losses = await measureKills({ dir, ffmpegPath, kills, seed, told });
    console.log(lossTable(losses));
    figures.kills = { kills, seed, losses };
  }
  if (parts.includes('stop')) {
    begin('From Stop to ready; to reach: flat, under 300 ms');
    const stops = await measureStops(dir, ffmpegPath, rounds, told);
    console.log(stopTable(stops));
    figures.stop = stops;
  }
  if (parts.includes('append')) {
    begin('One slice to the disk, in turn with a bare write and fdatasync; to reach: 1.5 times');
    const appends = await measureAppends(dir, slices);
    console.log(appendTable(appends));
    figures.append = appends;
  }
  console.log(`\nLoad at the end ${load()}.`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}

function wholeNumber(flag: 'kills' | 'seed' | 'rounds' | 'slices'): number {
  const number = Number(values[flag]);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${flag} takes a whole number greater than 0.`);
  process.exit(1);
}

function begin(title: string): void {
  console.log(`\n${title} (load ${load()})\n`);
}

/** For whoever waits: none of the figures. */
function told(step: string): void {
  console.error(`${(process.uptime() / 60).toFixed(1)} min: ${step}`);
}

function load(): string {
  return loadavg()[0]?.toFixed(1) ?? 'unknown';
}
