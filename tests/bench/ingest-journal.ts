import { createSecretKey, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalWriter } from '../../main/recording/journal/journal-writer.ts';
import { type Latency, latencyOf, MemoryWatch } from './figures.ts';

export interface WriteFigures extends Latency {
  mbPerSecond: number;
}

export interface JournalFigures {
  sliceBytes: number;
  slices: number;
  /** `write` and `fdatasync` of the same slices, in turn with the journal's. */
  bare: WriteFigures;
  journal: WriteFigures;
  memory: ReturnType<MemoryWatch['figures']>;
}

/** Different contents, so that no layer below can save itself work. */
const POOL = 64;

/**
 * Writes the same slices to a plain file and to a journal, one to each in turn, so that both meet
 * the same disk. Who goes first alternates.
 */
export async function measureJournal(
  dir: string,
  totalBytes: number,
  sliceBytes: number,
  progress: (share: number) => void,
): Promise<JournalFigures> {
  const pool = Array.from({ length: POOL }, () => randomBytes(sliceBytes));
  const plainPath = join(dir, 'plain');
  const journalPath = join(dir, 'journal.swj');
  const plain = await open(plainPath, 'w');
  const journal = await JournalWriter.create(journalPath, createSecretKey(randomBytes(32)));
  const slices = Math.ceil(totalBytes / sliceBytes);
  const bareMs: number[] = [];
  const journalMs: number[] = [];
  const memory = new MemoryWatch();

  for (let seq = 0; seq < slices; seq += 1) {
    const slice = pool[seq % POOL] ?? randomBytes(sliceBytes);
    const bare = async () => {
      await plain.write(slice, 0, slice.length, seq * sliceBytes);
      await plain.datasync();
    };
    const journalled = () => journal.append(seq, slice, seq);
    if (seq % 2 === 0) bareMs.push(await timed(bare));
    journalMs.push(await timed(journalled));
    if (seq % 2 === 1) bareMs.push(await timed(bare));
    if (seq % 64 === 0) {
      memory.sample();
      progress(seq / slices);
    }
  }
  const figures = memory.figures();
  await plain.close();
  await journal.close();
  await rm(plainPath);
  await rm(journalPath);
  return {
    ...{ sliceBytes, slices, memory: figures },
    bare: summary(bareMs, sliceBytes),
    journal: summary(journalMs, sliceBytes),
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function summary(durationsMs: number[], sliceBytes: number): WriteFigures {
  const totalMs = durationsMs.reduce((sum, each) => sum + each, 0);
  return {
    mbPerSecond: (durationsMs.length * sliceBytes) / 1e6 / (totalMs / 1e3),
    ...latencyOf(durationsMs),
  };
}
