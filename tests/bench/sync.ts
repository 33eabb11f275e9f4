/**
 * Whether picture and sound stay together: `npm run bench:sync -- [--hours 2] [--parts 6] [--json FILE]`.
 *
 * In Chromium, in real time: a camera and a microphone that flash and beep together, recorded with
 * pauses and a change of devices in each part, beside a bare `MediaRecorder` on the same devices.
 * Then hours of a flashing and beeping stream, in takes of odd lengths, faster than life through
 * main. Both are measured in the finished replay, as a player would show it.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../../main/recording/packaging/find-ffmpeg.ts';
import { servePages } from '../e2e/rooms/page-server.ts';
import type { SyncPage } from '../e2e/rooms/pages/sync.ts';
import { launchBrowser } from '../support/browsers.ts';
import { table } from './figures.ts';
import { longTakes } from './sync/long-takes.ts';
import { recordSlices } from './sync/record-slices.ts';
import { measureSkew, type Skew } from './sync/skew.ts';

declare const sync: SyncPage;

const PART_MS = 6_000;
const LONG_PERIOD_S = 10;

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '2' },
    parts: { type: 'string', default: '6' },
    json: { type: 'string' },
  },
});
const ffmpeg = await findFfmpeg();
if (ffmpeg.path === undefined) {
  console.error(ffmpeg.problem);
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-sync-'));
try {
  const live = await measureLive(folder, ffmpeg.path, Number(values.parts));
  const long = await measureLong(folder, ffmpeg.path, Number(values.hours));
  console.log(
    table([
      ['', 'replay', 'pairs', 'first min', 'last min', 'drift', 'furthest off'],
      rowOf('bare MediaRecorder', live.source),
      rowOf(`recorder, ${values.parts} parts`, live.programme),
      rowOf(`main, ${values.hours} h`, long),
    ]),
  );
  console.log(
    `ms; positive: the picture is late. To reach: within 40. Load ${loadavg()[0]?.toFixed(1)}.`,
  );
  if (values.json) await writeFile(values.json, JSON.stringify({ live, long }, null, 2));
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Measured extends Skew {
  durationMs: number;
}

/** Real recorders in real time. */
async function measureLive(dir: string, ffmpegPath: string, parts: number) {
  const pages = await servePages('sync');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${pages.origin}/sync.html`);
    const source = await page.evaluate((ms) => sync.recordSource(ms), PART_MS * 2);
    const programme = await page.evaluate(([ms, count]) => sync.recordProgramme(ms, count), [
      PART_MS,
      parts,
    ] as const);
    return {
      source: await measure(await folderIn(dir, 'source'), ffmpegPath, decoded(source), 1),
      programme: await measure(await folderIn(dir, 'programme'), ffmpegPath, decoded(programme), 1),
    };
  } finally {
    await browser.close();
    await pages.close();
  }
}

/** Hours through main, faster than life. */
async function measureLong(dir: string, ffmpegPath: string, hours: number) {
  const own = await folderIn(dir, 'long');
  const slices = await longTakes(own, ffmpegPath, { hours, periodS: LONG_PERIOD_S });
  return measure(own, ffmpegPath, slices, LONG_PERIOD_S);
}

async function measure(
  dir: string,
  ffmpegPath: string,
  slices: Iterable<Uint8Array>,
  periodS: number,
): Promise<Measured> {
  const { playlist, durationMs } = await recordSlices(dir, ffmpegPath, slices);
  return { ...(await measureSkew(playlist, periodS)), durationMs };
}

async function folderIn(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  await mkdir(path);
  return path;
}

function decoded(slices: readonly string[]): Uint8Array[] {
  return slices.map((slice) => Buffer.from(slice, 'base64'));
}

function rowOf(name: string, { pairs, durationMs }: Measured): string[] {
  const endS = durationMs / 1000;
  const first = median(pairs.filter(({ atS }) => atS < 60));
  const last = median(pairs.filter(({ atS }) => atS > endS - 60));
  const furthest = Math.max(...pairs.map(({ skewMs }) => Math.abs(skewMs)));
  return [
    ...[name, `${(durationMs / 60_000).toFixed(1)} min`, String(pairs.length)],
    ...[first, last, last - first, furthest].map((ms) => ms.toFixed(1)),
  ];
}

function median(pairs: Skew['pairs']): number {
  const sorted = pairs.map(({ skewMs }) => skewMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
