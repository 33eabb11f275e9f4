import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportCodecs } from '../../../main/recording/export/export-codecs.ts';
import { openLibrary, over, recorded } from './library-fixture.ts';
import { probe, recorderStream, slicesOf, starvedRecorderStream } from './media.ts';
import { room } from './recorded-room.ts';
import { noSmallDisk, smallDisk } from './small-disk.ts';
import { record } from './studio-fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(6));
});

describe('an exported recording', () => {
  it('is a plain MP4 that every player takes, picture as it was', async () => {
    const { library, id, exportFolder } = await recorded(slices);
    const seen: number[] = [];
    library.on('job', ({ progress }) => seen.push(progress));
    const job = await over(library, library.export(id, 'compatible'));
    expect(job).toMatchObject({ state: 'done', progress: 1 });
    expect(job.path).toBe(join(exportFolder, 'An evening of Ünïcode 2026-01-01.mp4'));
    const found = await probe(String(job.path));
    expect(found).toMatchObject({ codecs: ['aac', 'h264'], clean: true });
    expect(found.durationS).toBeCloseTo(6, 0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await readdir(exportFolder)).toHaveLength(1);
  });

  it('can be had exactly as it was recorded', async () => {
    const { library, id } = await recorded(slices, { visibility: 'public' });
    const { path } = await over(library, library.export(id, 'as-recorded'));
    expect(await probe(String(path))).toMatchObject({ codecs: ['h264', 'opus'], clean: true });
  });

  it('has the title and the chapters that were marked, whatever they are called', async () => {
    const { recordings, library } = await openLibrary();
    const title = 'Über; #1 = \\o/';
    const id = await record(recordings, slices, room({ title }));
    recordings.live.mark({ recordingId: id, take: 0, takeMs: 1000 });
    const { markerId } = recordings.live.mark({ recordingId: id, take: 0, takeMs: 4000 });
    recordings.live.labelMarker(id, markerId, 'Fragen; [CHAPTER] = #2 \\');
    await recordings.stop(id);
    const { path } = await over(library, library.export(id, 'as-recorded'));
    const { stdout } = await promisify(execFile)('ffprobe', [
      ...['-v', 'error', '-show_chapters', '-show_format', '-of', 'json', String(path)],
    ]);
    const found = JSON.parse(stdout);
    expect(found.format.tags.title).toBe(title);
    expect(found.chapters).toMatchObject([
      { start_time: '0.000000', end_time: '1.000000', tags: { title } },
      { start_time: '1.000000', end_time: '4.000000', tags: { title: 'Marker 1' } },
      { start_time: '4.000000', tags: { title: 'Fragen; [CHAPTER] = #2 \\ ' } },
    ]);
  });

  it('becomes H.264 where it was recorded in another codec', async () => {
    const stream = slicesOf(await starvedRecorderStream(3));
    const { library, recordings } = await openLibrary();
    const { recordingId } = await recordings.start(room(), 'video/webm;codecs=vp9,opus');
    for (const [seq, slice] of stream.entries()) await recordings.append(recordingId, seq, slice);
    await recordings.stop(recordingId);
    const { path } = await over(library, library.export(recordingId, 'compatible'));
    expect(await probe(String(path))).toMatchObject({ codecs: ['aac', 'h264'], clean: true });
    expect(exportCodecs('video/webm;codecs=vp9,opus', 'as-recorded').video).toBe('copy');
  });

  it('never takes the place of a file that is there', async () => {
    const { library, id, exportFolder } = await recorded(slices, { title: '合唱团 / été: «1»' });
    await over(library, library.export(id, 'as-recorded'));
    const second = await over(library, library.export(id, 'as-recorded'));
    expect(second.path).toBe(join(exportFolder, '合唱团 été «1» 2026-01-01 (2).mp4'));
    expect(await readdir(exportFolder)).toHaveLength(2);
  });

  it('waits for its turn: one is made at a time, in the order of asking', async () => {
    const { library, recordings, id } = await recorded(slices);
    const second = await record(recordings, slices);
    await recordings.stop(second);
    const running = new Set<string>();
    let most = 0;
    library.on('job', ({ jobId, state }) => {
      if (state === 'running') running.add(jobId);
      else running.delete(jobId);
      most = Math.max(most, running.size);
    });
    const first = library.export(id, 'compatible');
    const queued = library.export(second, 'compatible');
    expect([first.state, queued.state]).toEqual(['running', 'waiting']);
    expect(library.export(second, 'compatible').jobId).toBe(queued.jobId);
    expect((await over(library, queued)).state).toBe('done');
    expect((await over(library, first)).state).toBe('done');
    expect(most).toBe(1);
  });

  it('that is cancelled leaves nothing, waiting or running', async () => {
    const { library, id, recordings, exportFolder } = await recorded(slices);
    const second = await record(recordings, slices);
    await recordings.stop(second);
    const first = library.export(id, 'compatible');
    const queued = library.export(second, 'compatible');
    library.cancel(queued.jobId);
    library.cancel(first.jobId);
    expect((await over(library, first)).state).toBe('cancelled');
    expect((await over(library, queued)).state).toBe('cancelled');
    expect(await readdir(exportFolder)).toEqual([]);
    expect((await over(library, library.export(id, 'as-recorded'))).state).toBe('done');
  });

  it('keeps its recording: no date and no quota deletes it meanwhile', async () => {
    const { library, recordings, clock, id } = await recorded(slices, {}, { quotaGb: () => 1e-9 });
    const job = library.export(id, 'compatible');
    clock.nowMs += 31 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([]);
    await expect(library.delete(id)).rejects.toMatchObject({ code: 'recording-busy' });
    await expect(recordings.remove(room().roomId)).rejects.toMatchObject({
      code: 'recording-busy',
    });
    expect((await over(library, job)).state).toBe('done');
    expect(await recordings.expireDue()).toEqual([id]);
  });
});

describe('nothing is exported, and nothing left half-done,', () => {
  it('of a segment with a flipped byte, which is named', async () => {
    const { library, id, folder, exportFolder } = await recorded(slices);
    const path = join(folder, 'segment-000001.m4s');
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect(await over(library, library.export(id, 'compatible'))).toMatchObject({
      state: 'failed',
      error: {
        code: 'recording-damaged',
        message: expect.stringContaining('segment-000001.m4s is not what was recorded'),
      },
    });
    expect(await readdir(exportFolder)).toEqual([]);
  });

  it('of a segment that is a link out of its folder', async () => {
    const { library, id, folder, dataDir, exportFolder } = await recorded(slices);
    const path = join(folder, 'segment-000000.m4s');
    const bytes = await readFile(path);
    await rm(path);
    await writeFile(join(dataDir, 'elsewhere'), bytes);
    await symlink(join(dataDir, 'elsewhere'), path);
    expect(await over(library, library.export(id, 'compatible'))).toMatchObject({
      error: { code: 'recording-damaged', message: expect.stringContaining('segment-000000.m4s') },
    });
    expect(await readdir(exportFolder)).toEqual([]);
  });

  it('to a place that is no folder, or a path that leads anywhere', async () => {
    const { library, id, dataDir } = await recorded(slices);
    await writeFile(join(dataDir, 'file'), '');
    expect(
      await over(library, library.export(id, 'compatible', join(dataDir, 'file'))),
    ).toMatchObject({
      error: { code: 'storage-unwritable', message: expect.stringContaining('not a folder') },
    });
    expect(await over(library, library.export(id, 'compatible', 'somewhere'))).toMatchObject({
      error: { code: 'validation-failed' },
    });
  });

  it('of a recording that runs or was deleted', async () => {
    const { library, recordings, id } = await recorded(slices);
    const running = await record(recordings, slices);
    expect(() => library.export(running, 'compatible')).toThrow(
      expect.objectContaining({ code: 'recording-busy' }),
    );
    await expect(library.delete(running)).rejects.toMatchObject({ code: 'recording-busy' });
    await library.delete(id);
    expect(() => library.export(id, 'compatible')).toThrow(
      expect.objectContaining({ code: 'recording-expired' }),
    );
  });

  it('without ffmpeg', async () => {
    const { options, id } = await recorded(slices);
    const { library } = await openLibrary({ ...options, ffmpegPath: undefined });
    expect(() => library.export(id, 'compatible')).toThrow(
      expect.objectContaining({ code: 'ffmpeg-missing' }),
    );
  });
});

describe('the folder that a person is shown', () => {
  it('has plain files: a copy of what is encrypted, and what is public as it lies', async () => {
    const { library, id, exportFolder } = await recorded(slices);
    expect(await library.plainFolder(id)).toBe(exportFolder);
    const [copy = ''] = await readdir(exportFolder);
    expect(await probe(join(exportFolder, copy))).toMatchObject({ clean: true });

    const open = await recorded(slices, { visibility: 'public' });
    const folder = String(await open.library.plainFolder(open.id));
    expect(await probe(join(folder, 'index.m3u8'))).toMatchObject({ clean: true });
    expect(existsSync(open.exportFolder)).toBe(false);
  });
});

describe.skipIf(noSmallDisk)('a small disk', () => {
  it('that is read-only or full says so and gets nothing; one that fills up is left as it was', async () => {
    const { library, id } = await recorded(slices);
    const disk = await smallDisk(600 * 1024);
    await disk.fill(540 * 1024);
    expect(await over(library, library.export(id, 'as-recorded', disk.dir))).toMatchObject({
      error: { code: 'storage-full', message: expect.stringContaining('MB are needed') },
    });

    // Free when the export begins, taken by somebody else while ffmpeg starts.
    await disk.empty();
    const job = library.export(id, 'compatible', disk.dir);
    await disk.fill(596 * 1024);
    expect(await over(library, job)).toMatchObject({ error: { code: 'storage-full' } });
    expect(await readdir(disk.dir)).toEqual(['filler']);

    await disk.writable(false);
    expect(await over(library, library.export(id, 'as-recorded', disk.dir))).toMatchObject({
      error: { code: 'storage-unwritable', message: expect.stringContaining('read-only') },
    });
  });
});
