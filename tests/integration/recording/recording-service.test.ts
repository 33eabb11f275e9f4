import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Manifest } from '../../../protocol/recordings.ts';
import { probe, recorderStream, slicesOf, starvedRecorderStream } from './media.ts';
import { room, WEBM } from './recorded-room.ts';
import { openRecordings, PATIENCE, record } from './studio-fixture.ts';

let stream: Buffer;
beforeAll(async () => {
  stream = await recorderStream(9);
});

describe('a recording', () => {
  it('becomes a replay that plays to its end, when it is public', async () => {
    const { recordings, folderOf } = await openRecordings();
    const id = await record(recordings, slicesOf(stream), room({ visibility: 'public' }));
    const status = await recordings.stop(id);

    expect(status).toMatchObject({ state: 'ready', recordingId: id, recovered: false });
    expect(status.durationMs).toBeGreaterThan(8900);
    expect(status.durationMs).toBeLessThan(9100);
    const probed = await probe(join(folderOf(id), 'index.m3u8'));
    expect(probed.codecs).toEqual(['h264', 'opus']);
    expect(probed.durationS).toBeCloseTo(9, 1);
    expect(probed.clean).toBe(true);
    expect(await recordings.verify(id)).toMatchObject({ ok: true, checkedFiles: 6 });
  });

  it('lasts as long as it was recorded when a busy machine left pictures out', async () => {
    const { recordings, folderOf } = await openRecordings();
    const slices = slicesOf(await starvedRecorderStream(9));
    const id = await record(recordings, slices, room({ visibility: 'public' }));
    const { durationMs } = await recordings.stop(id);

    expect(durationMs).toBeGreaterThan(8900);
    expect(durationMs).toBeLessThan(9100);
    const probed = await probe(join(folderOf(id), 'index.m3u8'));
    expect(probed.durationS).toBeCloseTo(9, 1);
    expect(probed.clean).toBe(true);
  });

  it('lists its segments in a manifest that the host signed', async () => {
    const { recordings, folderOf, options } = await openRecordings();
    const id = await record(recordings, slicesOf(stream));
    const status = await recordings.stop(id);

    const manifest = Manifest.parse(
      JSON.parse(await readFile(join(folderOf(id), 'manifest.json'), 'utf8')),
    );
    expect(manifest).toMatchObject({
      recordingId: id,
      title: '',
      encryption: 'AES-128',
      durationMs: status.durationMs,
      sizeBytes: status.sizeBytes,
      host: { publicKey: options.signer.publicKey },
    });
    expect(manifest.segments).toHaveLength(5);
  });

  it('is being watched while it is made: segments are listed as they are cut', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room({ visibility: 'public' }), WEBM);
    const slices = slicesOf(stream);
    const half = Math.floor(slices.length * 0.7);
    for (const [seq, slice] of slices.slice(0, half).entries()) {
      await recordings.append(recordingId, seq, slice);
    }
    await expect
      .poll(() => recordings.statusOfRoom(room().roomId)?.durationMs, PATIENCE)
      .toBe(6000);
    const playlist = recordings.live.watchable(recordingId)?.playlist.render({ skip: false });
    expect(playlist).toContain('segment-000001.m4s');
    expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
    expect(playlist).not.toContain('ENDLIST');
    for (const [index, slice] of slices.slice(half).entries()) {
      await recordings.append(recordingId, half + index, slice);
    }
    const { durationMs } = await recordings.stop(recordingId);
    expect(durationMs).toBeGreaterThan(8900);
  });

  it('lets its journal go once every byte of the replay was read back', async () => {
    const { recordings, folderOf } = await openRecordings();
    const id = await record(recordings, slicesOf(stream));
    await recordings.stop(id);
    await expect.poll(() => readdir(folderOf(id)), PATIENCE).not.toContain('journal.swj');
    expect(await recordings.verify(id)).toMatchObject({ ok: true });
  });

  it('stops once, however often Stop is pressed', async () => {
    const { recordings } = await openRecordings();
    const id = await record(recordings, slicesOf(stream));
    const [first, second] = await Promise.all([recordings.stop(id), recordings.stop(id)]);
    expect(first).toEqual(second);
    expect(await recordings.stop(id)).toEqual(first);
  });

  it('tells of its first slice, its progress and each of its states', async () => {
    const { recordings, clock } = await openRecordings();
    const seen: unknown[] = [];
    recordings.on('changed', (_room, status) => seen.push(status.state));
    recordings.on('firstSlice', (_id, roomId) => seen.push(`first slice of ${roomId}`));
    const progress: { writtenBytes: number; durationMs: number }[] = [];
    recordings.on('progress', (at) => progress.push(at));

    const { recordingId } = await recordings.start(room(), WEBM);
    for (const [seq, slice] of slicesOf(stream).entries()) {
      await recordings.append(recordingId, seq, slice);
      clock.nowMs += 500;
    }
    await recordings.stop(recordingId);

    expect(seen).toEqual(['recording', `first slice of ${room().roomId}`, 'finalizing', 'ready']);
    expect(progress.at(-1)?.writtenBytes).toBe(stream.length);
    expect(progress.at(-1)?.durationMs).toBe((slicesOf(stream).length - 1) * 500);
  });

  it('keeps what was recorded when the recorder gives up, and why it did', async () => {
    const { recordings } = await openRecordings();
    const id = await record(recordings, slicesOf(stream));
    const status = await recordings.fail(id, 'The encoder stopped.');
    expect(status).toMatchObject({
      state: 'ready',
      recovered: true,
      error: 'The encoder stopped.',
    });
    expect(status.durationMs).toBeGreaterThan(8900);
  });

  it('is finished when the window is gone', async () => {
    const { recordings } = await openRecordings();
    await record(recordings, slicesOf(stream));
    await recordings.finishAll();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'ready',
      recovered: true,
      error: expect.stringContaining('window was closed'),
    });
  });

  it('is stopped, not recovered, when the studio is closed in order', async () => {
    const { recordings } = await openRecordings();
    await record(recordings, slicesOf(stream));
    await recordings.close();
    const status = recordings.statusOfRoom(room().roomId);
    expect(status).toMatchObject({ state: 'ready', recovered: false });
    expect(status?.error).toBeUndefined();
  });

  it('can follow another one in the same room', async () => {
    const { recordings } = await openRecordings();
    await recordings.stop(await record(recordings, slicesOf(stream)));
    const second = await record(recordings, slicesOf(stream));
    await recordings.stop(second);
    expect(recordings.statusOfRoom(room().roomId)?.recordingId).toBe(second);
  });
});

describe('a recording is refused', () => {
  it('where there is no ffmpeg', async () => {
    const { recordings } = await openRecordings({ ffmpegPath: undefined });
    await expect(recordings.start(room(), WEBM)).rejects.toMatchObject({ code: 'ffmpeg-missing' });
    expect(recordings.statusOfRoom(room().roomId)).toBeUndefined();
  });

  it('for a room that is being recorded', async () => {
    const { recordings } = await openRecordings();
    await recordings.start(room(), WEBM);
    await expect(recordings.start(room(), WEBM)).rejects.toMatchObject({
      code: 'already-recording',
    });
  });

  it('in a codec that MP4 can not hold', async () => {
    const { recordings } = await openRecordings();
    await expect(recordings.start(room(), 'video/webm;codecs=vp8,opus')).rejects.toMatchObject({
      code: 'unsupported-media-type',
    });
  });

  it('where its folder can not be written, and the room can be recorded later', async () => {
    const { recordings, dir } = await openRecordings();
    const { rename, writeFile, rm } = await import('node:fs/promises');
    await rename(dir, `${dir}-away`);
    await writeFile(dir, 'in the way');
    await expect(recordings.start(room(), WEBM)).rejects.toMatchObject({
      code: 'storage-unwritable',
    });
    expect(recordings.statusOfRoom(room().roomId)).toBeUndefined();
    await rm(dir);
    await rename(`${dir}-away`, dir);
    await expect(recordings.start(room(), WEBM)).resolves.toMatchObject({});
  });
});

describe('slices', () => {
  it('are acknowledged again when they are repeated, and refused where one is missing', async () => {
    const { recordings } = await openRecordings();
    const slices = slicesOf(stream);
    const id = await record(recordings, slices.slice(0, 4));
    await recordings.append(id, 2, slices[2] ?? Buffer.alloc(1));
    await expect(recordings.append(id, 9, Buffer.from('gap'))).rejects.toMatchObject({
      code: 'validation-failed',
      message: expect.stringContaining('slice 4'),
    });
    for (const [index, slice] of slices.slice(4).entries()) {
      await recordings.append(id, 4 + index, slice);
    }
    expect((await recordings.stop(id)).durationMs).toBeGreaterThan(8900);
  });

  it('are refused after the end', async () => {
    const { recordings } = await openRecordings();
    const slices = slicesOf(stream);
    const id = await record(recordings, slices);
    await recordings.stop(id);
    await expect(recordings.append(id, slices.length, Buffer.from('x'))).rejects.toMatchObject({
      code: 'recording-not-found',
    });
  });
});

describe('a recording of nothing', () => {
  it('says so when it is stopped before the first slice', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    expect(await recordings.stop(recordingId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('Nothing was recorded'),
    });
  });

  it('fails with a sentence when its bytes are no video, and keeps them', async () => {
    const { recordings, folderOf } = await openRecordings();
    const id = await record(recordings, [Buffer.from('this is not Matroska')]);
    expect(await recordings.stop(id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('What was recorded is kept'),
    });
    expect(await readdir(folderOf(id))).toEqual(['journal.swj']);
  });
});
