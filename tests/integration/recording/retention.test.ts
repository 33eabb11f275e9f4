import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { WATCHED_FOR_MS } from '../../../main/recording/library/holds.ts';
import { recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, newSigner, room, STRANGER, WEBM } from './recorded-room.ts';
import { noSmallDisk, smallDisk } from './small-disk.ts';
import { openRecordings, record, temporaryFolder } from './studio-fixture.ts';

const LIBRARY_CHILD = fileURLToPath(new URL('./library-child.ts', import.meta.url));

const DAY_MS = 24 * 60 * 60 * 1000;

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(3));
});

async function finished() {
  const fixture = await openRecordings();
  const id = await record(fixture.recordings, slices);
  const status = await fixture.recordings.stop(id);
  return { ...fixture, id, status, folder: fixture.folderOf(id) };
}

describe('a recording', () => {
  it('is kept for 30 days, then deleted, and its status says so', async () => {
    const { recordings, clock, id, status, folder } = await finished();
    expect(Date.parse(status.retainUntil)).toBe(clock.nowMs + 30 * DAY_MS);
    clock.nowMs += 30 * DAY_MS - 1;
    expect(await recordings.expireDue()).toEqual([]);
    expect(existsSync(folder)).toBe(true);

    clock.nowMs += 1;
    const told: string[] = [];
    recordings.on('changed', (_roomId, changed) => told.push(changed.state));
    expect(await recordings.expireDue()).toEqual([id]);
    expect(existsSync(folder)).toBe(false);
    expect(told).toEqual(['expired']);
    expect(recordings.statusOfRoom(room().roomId)?.state).toBe('expired');
    await expect(recordings.filesOf(id)).rejects.toMatchObject({ code: 'recording-expired' });
    expect(() => recordings.segmentKeyOf(id)).toThrow(/deleted/);
    expect(await recordings.expireDue()).toEqual([]);
  });

  it('stays as long as it is pinned', async () => {
    const { recordings, clock, folder } = await finished();
    expect(recordings.update(room().roomId, { pinned: true })).toMatchObject({ pinned: true });
    clock.nowMs += 365 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it('is kept until the day its host chose', async () => {
    const { recordings, clock, id } = await finished();
    const retainUntil = new Date(clock.nowMs + 2 * DAY_MS).toISOString();
    expect(recordings.update(room().roomId, { retainUntil })).toMatchObject({ retainUntil });
    clock.nowMs += 2 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([id]);
  });

  it('can not be kept until a day that is over', async () => {
    const { recordings, clock } = await finished();
    const retainUntil = new Date(clock.nowMs - 1).toISOString();
    expect(() => recordings.update(room().roomId, { retainUntil })).toThrow(
      expect.objectContaining({ code: 'validation-failed' }),
    );
  });

  it('follows the setting for how long recordings are kept', async () => {
    const { recordings, clock } = await openRecordings({ retentionDays: () => 7 });
    const { retainUntil } = await recordings.stop(await record(recordings, slices));
    expect(Date.parse(retainUntil)).toBe(clock.nowMs + 7 * DAY_MS);
  });

  it('is deleted at once when its host says so, with all others of the room', async () => {
    const { recordings, folder, folderOf } = await finished();
    const second = await record(recordings, slices);
    await recordings.stop(second);
    await recordings.remove(room().roomId);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(folderOf(second))).toBe(false);
    await expect(recordings.remove(room().roomId)).resolves.toBeUndefined();
    expect(() => recordings.update(room().roomId, { pinned: true })).toThrow(
      expect.objectContaining({ code: 'recording-expired' }),
    );
  });

  it('is not deleted while it runs', async () => {
    const { recordings } = await openRecordings();
    await recordings.start(room(), WEBM);
    await expect(recordings.remove(room().roomId)).rejects.toMatchObject({
      code: 'already-recording',
    });
  });

  it('that failed is not deleted by time: its journal is all there is', async () => {
    const { recordings, clock, folderOf } = await openRecordings();
    const id = await record(recordings, [Buffer.from('no video')]);
    expect((await recordings.stop(id)).state).toBe('failed');
    clock.nowMs += 365 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([]);
    expect(existsSync(join(folderOf(id), 'journal.swj'))).toBe(true);
  });

  it('whose deletion a crash cut off is gone after the next start', async () => {
    const { recordings, clock, folder } = await finished();
    clock.nowMs += 31 * DAY_MS;
    await recordings.expireDue();
    await mkdir(folder);
    await writeFile(join(folder, 'segment-000000.m4s'), 'left over');
    await recordings.recover();
    expect(existsSync(folder)).toBe(false);
  });

  it('whose studio died between the note of its deletion and the files is gone after the next start', async () => {
    const dataDir = await temporaryFolder();
    const secret = randomBytes(32);
    const keys = { dataDir, masterKey: secret, signer: newSigner(secret) };
    const first = await openRecordings(keys);
    const id = await record(first.recordings, slices);
    await first.recordings.stop(id);
    await first.recordings.close();
    const died = spawnSync(
      process.execPath,
      [LIBRARY_CHILD, dataDir, secret.toString('hex'), 'delete', 'expired'],
      { encoding: 'utf8' },
    );
    expect(died).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    expect(existsSync(first.folderOf(id))).toBe(true);

    const { recordings } = await openRecordings(keys);
    const told: string[] = [];
    recordings.on('changed', (_roomId, { state }) => told.push(state));
    await recordings.recover();
    expect(existsSync(first.folderOf(id))).toBe(false);
    // Its post may not have heard: it is told again.
    expect(told).toEqual(['expired']);
    await recordings.recover();
    expect(told).toEqual(['expired']);
  });

  it.skipIf(noSmallDisk)(
    'that can not be removed from a read-only disk is as good as gone, and goes later',
    async () => {
      const disk = await smallDisk(200_000 * 1024);
      const { recordings, clock, folderOf } = await openRecordings({
        dir: disk.dir,
        space: { reserveBytes: 0 },
      });
      const id = await record(recordings, slices);
      await recordings.stop(id);
      await recordings.settled();
      const other = await record(recordings, slices, room({ roomId: 'room_other0123456789' }));
      await recordings.stop(other);
      await recordings.settled();
      await disk.writable(false);
      await expect(recordings.start(room(), WEBM)).rejects.toMatchObject({
        code: 'storage-unwritable',
        message: expect.stringContaining('read-only'),
      });
      clock.nowMs += 31 * DAY_MS;
      expect(await recordings.expireDue()).toEqual([]);
      await expect(recordings.filesOf(id)).rejects.toMatchObject({ code: 'recording-expired' });
      await disk.writable(true);
      await recordings.recover();
      expect([existsSync(folderOf(id)), existsSync(folderOf(other))]).toEqual([false, false]);
    },
  );

  it('is not deleted while somebody watches it', async () => {
    const { recordings, clock, id } = await finished();
    clock.nowMs += 31 * DAY_MS;
    recordings.watched(id);
    expect(await recordings.expireDue()).toEqual([]);
    clock.nowMs += WATCHED_FOR_MS;
    expect(await recordings.expireDue()).toEqual([id]);
  });

  it('goes when all take more than the quota, the one that ends first before others', async () => {
    const { recordings, clock } = await openRecordings({ quotaGb: () => 1e-9 });
    const [first, second, pinned] = [
      await record(recordings, slices, room({ roomId: 'room_first0123456789' })),
      await record(recordings, slices, room({ roomId: 'room_second012345678' })),
      await record(recordings, slices, room({ roomId: 'room_pinned012345678' })),
    ];
    for (const id of [second, first, pinned]) {
      clock.nowMs += 1000;
      await recordings.stop(id);
    }
    recordings.update('room_pinned012345678', { pinned: true });
    expect(await recordings.expireDue()).toEqual([]);
    clock.nowMs += 2 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([second, first]);
    expect(recordings.library.nextToGo().stillOverBytes).toBeGreaterThan(0);
  });

  it('belongs to the host and to those who were let in, later ones too', async () => {
    const { recordings, id } = await finished();
    recordings.allow(room().roomId, STRANGER);
    expect(recordings.audienceOf(id)).toEqual({
      visibility: 'invite-only',
      hostUserId: HOST,
      allowedUserIds: new Set([GUEST, STRANGER]),
      barredUserIds: new Set(),
    });
    expect(recordings.hostOfRoom(room().roomId)).toBe(HOST);
    expect(recordings.audienceOf('rec_unknown0000000')).toBeUndefined();
  });
});

describe('a clock that jumps', () => {
  /** A studio whose clock can be set without time passing. */
  async function withClocks() {
    const steady = { nowMs: 0 };
    const fixture = await openRecordings({ steadyClock: () => steady.nowMs });
    const pass = (ms: number) => {
      fixture.clock.nowMs += ms;
      steady.nowMs += ms;
    };
    await fixture.recordings.expireDue();
    const id = await record(fixture.recordings, slices);
    await fixture.recordings.stop(id);
    return { ...fixture, id, pass };
  }

  it('years ahead deletes nothing, until a new recording of then would go too', async () => {
    const { recordings, clock, id, pass } = await withClocks();
    clock.nowMs += 3 * 365 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([]);
    pass(30 * DAY_MS - 1);
    expect(await recordings.expireDue()).toEqual([]);
    pass(1);
    expect(await recordings.expireDue()).toEqual([id]);
  });

  it('and is put back leaves the recording its own date', async () => {
    const { recordings, clock, id, pass } = await withClocks();
    clock.nowMs += 3 * 365 * DAY_MS;
    await recordings.expireDue();
    clock.nowMs -= 3 * 365 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([]);
    pass(30 * DAY_MS);
    expect(await recordings.expireDue()).toEqual([id]);
  });

  it('is noticed at the next start as well', async () => {
    const { recordings, options, dataDir, clock } = await withClocks();
    await recordings.close();
    const later = clock.nowMs + 2 * 365 * DAY_MS;
    const next = await openRecordings({ ...options, dataDir, clock: () => later });
    expect(await next.recordings.expireDue()).toEqual([]);
    expect(next.recordings.library.limits().heldUntilMs).toBe(later + 30 * DAY_MS);
  });

  it('right after years in the past spares what was recorded meanwhile', async () => {
    const { recordings, clock, id } = await withClocks();
    clock.nowMs -= 6 * 365 * DAY_MS;
    await recordings.expireDue();
    const wrong = await record(recordings, slices, room({ roomId: 'room_other0123456789' }));
    await recordings.stop(wrong);
    clock.nowMs += 6 * 365 * DAY_MS;
    expect(await recordings.expireDue()).toEqual([]);
    expect(recordings.library.require(wrong).state).toBe('ready');
    expect(recordings.library.require(id).state).toBe('ready');
  });
});
