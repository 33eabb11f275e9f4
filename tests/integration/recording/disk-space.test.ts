import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordingService } from '../../../main/recording/recording-service.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { probe, recorderStream, slicesOf } from './media.ts';
import { room, WEBM } from './recorded-room.ts';
import { noSmallDisk, smallDisk } from './small-disk.ts';
import { openRecordings, PATIENCE } from './studio-fixture.ts';

const MIB = 1024 * 1024;
const DISK_BYTES = 64 * MIB;

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(6));
});

/** A recording on a small disk of its own; the catalogue lies elsewhere. */
async function recordOnto(space: { reserveBytes: number; warnMs: number }) {
  const disk = await smallDisk(DISK_BYTES);
  const db = openDatabase(join(await mkdtemp(join(tmpdir(), 'swarm-db-')), 'studio.db'));
  const fixture = await openRecordings({
    ...{ dir: join(disk.dir, 'recordings'), db },
    space: { ...space, intervalMs: 20 },
  });
  const told: (string | undefined)[] = [];
  fixture.recordings.on('trouble', (_roomId, trouble) => told.push(trouble?.code));
  const { recordingId } = await fixture.recordings.start(room({ visibility: 'public' }), WEBM);
  return { ...fixture, disk, told, recordingId };
}

async function append(recordings: RecordingService, id: string, from: number, to: number) {
  for (const [index, slice] of slices.slice(from, to).entries()) {
    await recordings.append(id, from + index, slice);
  }
}

const half = () => Math.floor(slices.length / 2);

describe.skipIf(noSmallDisk)('a disk that fills up while a room is recorded', () => {
  it('warns with the time left, and all is well once there is space again', async () => {
    const { recordings, told } = await recordOnto({ reserveBytes: MIB, warnMs: 10 * 60_000 });
    const [, trouble] = await once(recordings, 'trouble');
    expect(trouble).toMatchObject({
      code: 'storage-low',
      message: expect.stringMatching(/about 1 min can still be recorded/),
    });
    expect(told).toEqual(['storage-low']);
    const { freeBytes, timeLeftMs } = await recordings.live.forecast();
    expect(freeBytes).toBeLessThanOrEqual(DISK_BYTES);
    expect(timeLeftMs / 60_000).toBeCloseTo(1.6, 0);
  });

  it('has the recording stopped in time, with everything kept', async () => {
    const { recordings, disk, recordingId, folderOf, dir } = await recordOnto({
      reserveBytes: 8 * MIB,
      warnMs: 0,
    });
    await append(recordings, recordingId, 0, half());
    const asked = once(recordings, 'mustEnd');
    await disk.fill(DISK_BYTES - 4 * MIB);
    await append(recordings, recordingId, half(), slices.length);
    await asked;
    const status = await recordings.stop(recordingId);
    expect(status).toMatchObject({
      state: 'ready',
      recovered: false,
      error: expect.stringContaining('before the disk was full'),
    });
    expect(folderOf(recordingId).startsWith(dir)).toBe(true);
    expect((await probe(join(dir, recordingId, 'index.m3u8'))).durationS).toBeCloseTo(6, 1);
    expect(await recordings.verify(recordingId)).toMatchObject({ ok: true });
  });

  it('ends it even where its window does not answer', async () => {
    const { recordings, disk, recordingId } = await recordOnto({
      reserveBytes: 8 * MIB,
      warnMs: 0,
    });
    await append(recordings, recordingId, 0, slices.length);
    await disk.fill(DISK_BYTES - 4 * MIB);
    await expect.poll(() => recordings.statusOfRoom(room().roomId)?.state, PATIENCE).toBe('ready');
  });

  it('says so when it is full from one moment to the next, and goes on when it is not', async () => {
    const { recordings, disk, told, recordingId } = await recordOnto({
      reserveBytes: 0,
      warnMs: 0,
    });
    await append(recordings, recordingId, 0, 2);
    await disk.fill(DISK_BYTES).catch(() => undefined);
    const next = slices[2] ?? Buffer.alloc(0);
    await expect(recordings.append(recordingId, 2, next)).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect(told.at(-1)).toBe('storage-full');
    await disk.empty();
    await append(recordings, recordingId, 2, slices.length);
    expect(told).not.toContain('storage-unwritable');
    expect((await recordings.stop(recordingId)).state).toBe('ready');
  });

  it('is told apart from a disk that is gone', async () => {
    const { recordings, disk, told, recordingId } = await recordOnto({
      reserveBytes: 0,
      warnMs: 0,
    });
    await append(recordings, recordingId, 0, 4);
    await disk.vanish();
    await expect.poll(() => told, PATIENCE).toContain('storage-unwritable');
    await expect
      .poll(() => recordings.statusOfRoom(room().roomId), PATIENCE)
      .toMatchObject({ state: 'failed', error: expect.stringContaining('is gone') });
  });

  it('is not begun where there is no space for a minute', async () => {
    const disk = await smallDisk(4 * MIB);
    const { recordings } = await openRecordings({ dir: join(disk.dir, 'recordings') });
    await expect(recordings.start(room(), WEBM)).rejects.toMatchObject({ code: 'storage-full' });
    expect(recordings.statusOfRoom(room().roomId)).toBeUndefined();
  });
});
