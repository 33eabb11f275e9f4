/**
 * What recording costs: `npm run bench:ingest -- [--gb 4] [--slice-kib 256] [--dir DIR] [--json FILE]`.
 *
 * First the journal alone (encryption, hashes, one write and one fdatasync per slice) beside a bare
 * write with fdatasync of the same slices, in turn. Then the whole way with a real stream and
 * ffmpeg, for a short and a long recording, up to Stop.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../../main/recording/packaging/find-ffmpeg.ts';
import { table } from './figures.ts';
import { type JournalFigures, measureJournal } from './ingest-journal.ts';
import { measurePath, type PathFigures } from './ingest-path.ts';

const { values } = parseArgs({
  options: {
    gb: { type: 'string', default: '4' },
    'slice-kib': { type: 'string', default: '256' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'string' },
  },
});
const totalBytes = Number(values.gb) * 1e9;
const sliceBytes = Number(values['slice-kib']) * 1024;
if (!(totalBytes > 0) || !(sliceBytes > 0)) {
  console.error('--gb and --slice-kib take numbers greater than 0.');
  process.exit(1);
}

const dir = await mkdtemp(join(values.dir, 'swarm-bench-'));
try {
  console.log(`Journal: ${values.gb} GB in slices of ${values['slice-kib']} KiB, in ${dir}`);
  const journal = await measureJournal(dir, totalBytes, sliceBytes, showProgress);
  console.log(journalTable(journal));

  const ffmpeg = await findFfmpeg();
  const paths: PathFigures[] = [];
  if (ffmpeg.path === undefined) {
    console.log(`\nThe whole way is left out. ${ffmpeg.problem}`);
  } else {
    console.log(`\nThe whole way, with ffmpeg ${ffmpeg.version} (720p, 8 Mbit/s, encrypted)`);
    for (const bytes of [60e6, totalBytes]) {
      paths.push(await measurePath(dir, ffmpeg.path, bytes, sliceBytes));
    }
    console.log(pathTable(paths));
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify({ journal, paths }, null, 2)}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}

function showProgress(share: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${Math.round(share * 100)} % `);
}

function journalTable({ bare, journal, memory }: JournalFigures): string {
  const row = (name: string, { mbPerSecond, p50Ms, p99Ms, maxMs }: JournalFigures['bare']) => [
    ...[name, mbPerSecond.toFixed(0), p50Ms.toFixed(2), p99Ms.toFixed(2), maxMs.toFixed(1)],
  ];
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  return [
    '',
    table([
      ['', 'MB/s', 'p50 ms', 'p99 ms', 'max ms'],
      row('bare write + fdatasync', bare),
      row('journal (ffmpeg off)', journal),
      [
        'journal / bare',
        ratio(journal.mbPerSecond, bare.mbPerSecond),
        ratio(journal.p50Ms, bare.p50Ms),
        ratio(journal.p99Ms, bare.p99Ms),
        ratio(journal.maxMs, bare.maxMs),
      ],
    ]),
    memoryLine(memory),
  ].join('\n');
}

function pathTable(paths: PathFigures[]): string {
  return [
    '',
    table([
      ['minutes', 'MB', 'MB/s', 'p50 ms', 'p99 ms', 'stop to ready ms', 'segments', 'hashes'],
      ...paths.map((path) => [
        path.mediaMinutes.toFixed(1),
        ...[path.sizeMb.toFixed(0), path.mbPerSecond.toFixed(0)],
        ...[path.append.p50Ms.toFixed(2), path.append.p99Ms.toFixed(2)],
        ...[path.stopToReadyMs.toFixed(0), String(path.segments)],
        path.hashesVerified ? 'all right' : 'WRONG',
      ]),
    ]),
    ...paths.map((path) => `${path.mediaMinutes.toFixed(1)} min: ${memoryLine(path.memory)}`),
  ].join('\n');
}

function memoryLine({ startMb, peakMb, endMb }: JournalFigures['memory']): string {
  return `RSS: ${startMb.toFixed(0)} MB at the start, ${peakMb.toFixed(0)} MB at most, ${endMb.toFixed(0)} MB at the end`;
}
