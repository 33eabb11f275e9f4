import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, room, STRANGER, WEBM } from './recorded-room.ts';
import { openRecordings, record } from './studio-fixture.ts';

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

  it('belongs to the host and to those who were let in, later ones too', async () => {
    const { recordings, id } = await finished();
    recordings.allow(room().roomId, STRANGER);
    expect(recordings.audienceOf(id)).toEqual({
      visibility: 'invite-only',
      hostUserId: HOST,
      allowedUserIds: new Set([GUEST, STRANGER]),
    });
    expect(recordings.hostOfRoom(room().roomId)).toBe(HOST);
    expect(recordings.audienceOf('rec_unknown0000000')).toBeUndefined();
  });
});
