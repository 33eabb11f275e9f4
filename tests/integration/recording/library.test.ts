import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LibraryQuery } from '../../../protocol/recording-library.ts';
import { openLibrary, over, recorded } from './library-fixture.ts';
import { recorderStream, slicesOf } from './media.ts';
import { room } from './recorded-room.ts';
import { record } from './studio-fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(3));
});

/** A library with recordings of these titles, the first recorded first. */
async function withTitles(...titles: string[]) {
  const fixture = await openLibrary();
  const ids: string[] = [];
  for (const [index, title] of titles.entries()) {
    const roomId = `room_0123456789abcde${index}`;
    const id = await record(fixture.recordings, slices, room({ roomId, title }));
    await fixture.recordings.stop(id);
    fixture.clock.nowMs += DAY_MS;
    ids.push(id);
  }
  await fixture.recordings.settled();
  const titlesOf = (query: Partial<LibraryQuery>) =>
    fixture.library.list(LibraryQuery.parse(query)).entries.map(({ title }) => title);
  return { ...fixture, ids, titlesOf };
}

describe('a library', () => {
  it('finds recordings by words in any case and accent, page by page', async () => {
    const { library, titlesOf } = await withTitles('Ümit liest', 'élan', 'Umit & Élan', '100% _x_');
    expect(titlesOf({ search: 'UMIT' })).toEqual(['Umit & Élan', 'Ümit liest']);
    expect(titlesOf({ search: 'elan umit' })).toEqual(['Umit & Élan']);
    expect(titlesOf({ search: '%' })).toEqual(['100% _x_']);
    expect(titlesOf({ search: "'; DROP TABLE recordings; --" })).toEqual([]);
    expect(titlesOf({ sort: 'title', order: 'ascending' })).toEqual([
      '100% _x_',
      'élan',
      'Umit & Élan',
      'Ümit liest',
    ]);
    expect(titlesOf({ offset: 1, limit: 2 })).toEqual(['Umit & Élan', 'élan']);
    expect(library.list(LibraryQuery.parse({ limit: 1, search: 'umit' })).total).toBe(2);
  });

  it('knows what each takes on disk, a failed one too, and what all take', async () => {
    const { library, recordings, ids, folderOf } = await withTitles('One');
    const failed = await record(recordings, [Buffer.alloc(5000, 'no video')], room());
    await recordings.stop(failed);
    await recordings.settled();
    const journal = (await stat(join(folderOf(failed), 'journal.swj'))).size;
    expect(library.entry(failed)).toMatchObject({ state: 'failed', sizeBytes: journal });
    const one = library.entry(String(ids[0])).sizeBytes;
    expect(await library.overview()).toMatchObject({ count: 2, usedBytes: one + journal });
  });

  it('checks every byte and remembers what was found, file by file', async () => {
    const { library, id, folder, clock } = await recorded(slices);
    expect(library.entry(id).hash).toMatchObject({ state: 'intact' });
    const path = join(folder, 'segment-000000.m4s');
    const bytes = await readFile(path);
    bytes[9] = (bytes[9] ?? 0) ^ 1;
    await writeFile(path, bytes);
    clock.nowMs += DAY_MS;
    const seen: number[] = [];
    library.on('job', ({ progress }) => seen.push(progress));
    const job = await over(library, library.verify(id));
    expect(job).toMatchObject({ state: 'done', hash: { state: 'damaged', problemCount: 1 } });
    expect(seen.length).toBeGreaterThan(3);
    expect(library.entry(id).hash).toEqual({
      state: 'damaged',
      checkedAt: new Date(clock.nowMs).toISOString(),
      problems: [
        { file: 'segment-000000.m4s', reason: 'its SHA-256 is not the one in the manifest' },
      ],
      problemCount: 1,
    });
  });

  it('keeps longer, for good, and not at all', async () => {
    const { library, recordings, id, clock } = await recorded(slices);
    const retainUntil = new Date(clock.nowMs + 90 * DAY_MS).toISOString();
    expect(library.update(id, { retainUntil })).toMatchObject({ retainUntil, pinned: false });
    expect(library.update(id, { pinned: true })).toMatchObject({ retainUntil, pinned: true });
    const told: string[] = [];
    recordings.on('changed', (_roomId, { state }) => told.push(state));
    await library.delete(id);
    expect(told).toEqual(['expired']);
    expect(library.list(LibraryQuery.parse({})).total).toBe(0);
    expect(library.list(LibraryQuery.parse({ withExpired: true })).entries).toMatchObject([
      { recordingId: id, state: 'expired', sizeBytes: 0 },
    ]);
    await expect(library.delete(id)).resolves.toBeUndefined();
    await expect(library.plainFolder(id)).rejects.toThrow(
      expect.objectContaining({ code: 'recording-expired' }),
    );
    expect(() => library.verify('rec_unknown0000000')).toThrow(
      expect.objectContaining({ code: 'recording-not-found' }),
    );
  });

  it('says what a quota would delete before it is one', async () => {
    const { library, recordings, ids, clock } = await withTitles('First', 'Second', 'Third');
    clock.nowMs += 2 * DAY_MS;
    const size = library.entry(String(ids[0])).sizeBytes;
    expect(library.preview((2.5 * size) / 1e9).goes).toMatchObject([{ title: 'First' }]);
    recordings.watched(String(ids[0]));
    expect(library.preview((2.5 * size) / 1e9).goes).toMatchObject([{ title: 'Second' }]);
    expect((await library.overview()).goesNext.map(({ title }) => title)).toEqual([
      'Second',
      'Third',
    ]);
  });
});
