import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processStat } from '../../support/processes.ts';
import { openStudioRecordings } from '../../support/studio-recordings.ts';
import { ROOM } from './bench-room.ts';
import type { Loss } from './losses.ts';
import { SLICE_MS } from './material.ts';
import { playableMs } from './playable.ts';
import { RivalFiles } from './rival-files.ts';

const CHILD = fileURLToPath(new URL('./recorder-child.ts', import.meta.url));

/** How long a recording goes on after its ffmpeg was killed. */
const GOES_ON_MS = 1_600;

export interface FedKill {
  what: 'main' | 'ffmpeg';
  /** From the first picture, in ms. */
  atMs: number;
  dir: string;
  ffmpegPath: string;
  slices: readonly Buffer[];
}

/**
 * Records a stream in a process of its own, in real time, beside rivals' files that are fed the
 * same; kills its main or its ffmpeg, and all rivals at the same moment. After main was killed a
 * new one recovers what there is; after ffmpeg was, the recording goes on for a while and stops.
 */
export async function killFed({ what, atMs, ffmpegPath, slices, ...at }: FedKill): Promise<Loss[]> {
  const dir = await mkdtemp(join(at.dir, 'kill-'));
  const dataDir = join(dir, 'data');
  await mkdir(dataDir);
  const main = fork(CHILD, [dataDir, ffmpegPath], { serialization: 'advanced' });
  const exited = once(main, 'exit');
  const early = exited.then(([code]) => {
    throw new Error(`The recorder ended with ${code} before it recorded.`);
  });
  await Promise.race([once(main, 'message'), early]);
  const rivals = new RivalFiles(dir, ffmpegPath);
  const startedAtMs = performance.now();
  const until = (ms: number) => delay(Math.max(0, startedAtMs + ms - performance.now()));
  let next = 0;
  const feedUntil = async (endMs: number) => {
    for (; (next + 1) * SLICE_MS <= endMs; next++) {
      await until((next + 1) * SLICE_MS);
      const slice = slices[next];
      if (!slice) throw new Error('The material is shorter than the recording.');
      main.send(slice);
      rivals.write(slice);
    }
    await until(endMs);
  };
  await feedUntil(atMs);
  const killedAtMs = performance.now() - startedAtMs;
  const rivalsLeft = rivals.kill();
  let recordedMs = killedAtMs;
  if (what === 'main') {
    main.kill('SIGKILL');
  } else {
    process.kill(ffmpegOf(main), 'SIGKILL');
    await feedUntil(atMs + GOES_ON_MS);
    recordedMs = next * SLICE_MS;
    main.send('stop');
  }
  await exited;
  const keptMs = await recovered(dataDir, ffmpegPath);
  const losses: Loss[] = [
    { who: `Swarm Studio, ${what} killed`, recordedMs, keptMs },
    ...Object.entries(await rivalsLeft).map(([name, leftMs]) => ({
      ...{ who: `${name}, by ffmpeg`, recordedMs: killedAtMs, keptMs: leftMs },
    })),
  ];
  await rm(dir, { recursive: true });
  return losses;
}

/** What the next start makes of what is there, in ms of a verified replay. */
async function recovered(dataDir: string, ffmpegPath: string): Promise<number> {
  const studio = await openStudioRecordings(dataDir, ffmpegPath);
  const { recordings } = studio;
  await recordings.recover();
  const status = recordings.statusOfRoom(ROOM.roomId);
  if (status?.state !== 'ready') throw new Error(status?.error ?? 'There is no recording.');
  const { ok } = await recordings.verify(status.recordingId);
  if (!ok) throw new Error('The recovered replay does not hold what its manifest says.');
  const keptMs = await playableMs(join(recordings.folderOf(status.recordingId), 'index.m3u8'));
  await studio.close();
  return keptMs;
}

function ffmpegOf(main: ChildProcess): number {
  const pid = readdirSync('/proc')
    .map(Number)
    .find((id) => Number.isInteger(id) && processStat(id)?.parent === main.pid);
  if (pid === undefined) throw new Error('No ffmpeg runs.');
  return pid;
}
