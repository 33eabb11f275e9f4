import { createSecretKey, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { appendFile, readdir, readFile, readlink, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type JournalReport,
  type ReadJournalOptions,
  readJournal,
} from '../../../main/recording/journal/journal-reader.ts';
import {
  JournalWriter,
  MAX_PENDING_BYTES,
} from '../../../main/recording/journal/journal-writer.ts';
import { temporaryFolder } from './studio-fixture.ts';

const key = createSecretKey(randomBytes(32));

async function written(slices: Buffer[]) {
  const path = join(await temporaryFolder(), 'journal.swj');
  const writer = await JournalWriter.create(path, key);
  for (const [seq, slice] of slices.entries()) await writer.append(seq, slice, 1000 + seq);
  return { path, writer };
}

async function readAll(
  options: ReadJournalOptions,
): Promise<{ seqs: number[]; bytes: Buffer; report: JournalReport }> {
  const reader = readJournal(options);
  const seqs: number[] = [];
  const parts: Buffer[] = [];
  for (;;) {
    const next = await reader.next();
    if (next.done) return { seqs, bytes: Buffer.concat(parts), report: next.value };
    seqs.push(next.value.seq);
    parts.push(next.value.bytes);
  }
}

/** How this process holds a file open, by the kernel's account (proc(5), `fdinfo`). */
async function openFlags(path: string): Promise<number> {
  for (const fd of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${fd}`).catch(() => undefined);
    if (target !== path) continue;
    const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8');
    return Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? '', 8);
  }
  throw new Error(`Nobody holds ${path} open.`);
}

const some = () => [randomBytes(1), randomBytes(70_000), randomBytes(300), randomBytes(200_000)];

describe('a journal', () => {
  it('gives back what was written, in order', async () => {
    const slices = some();
    const { path, writer } = await written(slices);
    await writer.close();
    const { seqs, bytes, report } = await readAll({ path, key });
    expect(seqs).toEqual([0, 1, 2, 3]);
    expect(bytes.equals(Buffer.concat(slices))).toBe(true);
    expect(report).toEqual({ slices: 4, damagedSeqs: [], tornBytes: 0, unreadableBytes: 0 });
    expect(writer.durableBytes).toBe((await stat(path)).size);
  });

  it.runIf(process.platform === 'linux')(
    'acknowledges nothing that lies in memory alone',
    async () => {
      const { path, writer } = await written(some());
      expect((await openFlags(path)) & constants.O_DSYNC).toBe(constants.O_DSYNC);
      await writer.close();
    },
  );

  it('can be followed while it grows, to its end', async () => {
    const slices = some();
    const { path, writer } = await written(slices.slice(0, 1));
    const reader = readJournal({ path, key, follow: writer });
    expect((await reader.next()).value).toMatchObject({ seq: 0 });
    const pending = reader.next();
    await writer.append(1, slices[1] ?? randomBytes(1), 0);
    expect((await pending).value).toMatchObject({ seq: 1 });
    const last = reader.next();
    await writer.close();
    expect(await last).toMatchObject({ done: true, value: { slices: 2 } });
  });

  it('lets a follower go who does not want to wait any longer', async () => {
    const { path, writer } = await written([]);
    const abort = new AbortController();
    const waiting = readJournal({ path, key, follow: writer, signal: abort.signal }).next();
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await writer.close();
  });

  it('is read up to where it was cut off, wherever that is', async () => {
    const slices = [randomBytes(500), randomBytes(500)];
    const { path, writer } = await written(slices);
    await writer.close();
    const { size } = await stat(path);
    for (const cut of [1, 300, 516, 517, 570]) {
      await truncate(path, size - cut);
      const { seqs, report } = await readAll({ path, key });
      expect(seqs).toEqual([0]);
      expect(report).toMatchObject({ slices: 1, tornBytes: size / 2 - cut, unreadableBytes: 0 });
    }
  });

  it('is read up to what is no slice', async () => {
    const { path, writer } = await written([randomBytes(500)]);
    await writer.close();
    await appendFile(path, Buffer.alloc(4096));
    expect((await readAll({ path, key })).report).toMatchObject({
      slices: 1,
      unreadableBytes: 4096,
    });
  });

  it('takes slices in order, whoever does not wait for the last one', async () => {
    const slices = some();
    const { path, writer } = await written([]);
    await Promise.all(slices.map((slice, seq) => writer.append(seq, slice, 0)));
    await writer.close();
    expect((await readAll({ path, key })).bytes.equals(Buffer.concat(slices))).toBe(true);
  });

  it('refuses more than it can hold while the disk is slow, and takes it later', async () => {
    const { writer } = await written([]);
    const half = Buffer.alloc(MAX_PENDING_BYTES / 2);
    const taken = Promise.all([writer.append(0, half, 0), writer.append(1, half, 0)]);
    await expect(writer.append(2, Buffer.from('x'), 0)).rejects.toMatchObject({
      code: 'rate-limited',
    });
    await taken;
    await expect(writer.append(2, Buffer.from('x'), 0)).resolves.toBeUndefined();
    await writer.close();
  });

  it('never writes over one that is there', async () => {
    const { path, writer } = await written([randomBytes(10)]);
    await writer.close();
    await expect(JournalWriter.create(path, key)).rejects.toThrow(/EEXIST/);
  });

  it('opens with its own key only', async () => {
    const { path, writer } = await written([randomBytes(10)]);
    await writer.close();
    await expect(readAll({ path, key: createSecretKey(randomBytes(32)) })).rejects.toThrow();
  });
});
