import { createDecipheriv } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  cp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { signManifest } from '../../../main/recording/manifest/manifest.ts';
import { Manifest, type ManifestPayload } from '../../../protocol/recordings.ts';
import { encodeTrackSlice } from '../../../protocol/track-slice.ts';
import { probe, recorderStream, slicesOf } from './media.ts';
import { GUEST, newSigner, room, WEBM } from './recorded-room.ts';
import { openRecordings, record, temporaryFolder } from './studio-fixture.ts';
import { trackOf } from './track-media.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(6));
});

async function finished(visibility: 'public' | 'invite-only' = 'invite-only') {
  const fixture = await openRecordings();
  const id = await record(fixture.recordings, slices, room({ visibility }));
  await fixture.recordings.stop(id);
  await fixture.recordings.settled();
  const folder = fixture.folderOf(id);
  const manifestPath = join(folder, 'manifest.json');
  const manifest = Manifest.parse(JSON.parse(await readFile(manifestPath, 'utf8')));
  return { ...fixture, id, folder, manifest, manifestPath };
}

async function edit(path: string, change: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(path);
  change(bytes);
  await writeFile(path, bytes);
}

describe('verifying a recording names', () => {
  it('a segment with a flipped byte', async () => {
    const { recordings, id, folder } = await finished();
    await edit(join(folder, 'segment-000001.m4s'), (bytes) => {
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    });
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'segment-000001.m4s', reason: expect.stringContaining('SHA-256') }],
    });
  });

  it('a segment that is missing, and one that is longer', async () => {
    const { recordings, id, folder } = await finished();
    await rm(join(folder, 'segment-000000.m4s'));
    await appendFile(join(folder, 'segment-000002.m4s'), 'more');
    const { problems } = await recordings.verify(id);
    expect(problems.map((problem) => problem.file)).toEqual([
      'segment-000000.m4s',
      'segment-000002.m4s',
    ]);
  });

  it('a manifest that was changed', async () => {
    const { recordings, id, manifest, manifestPath } = await finished();
    await writeFile(manifestPath, JSON.stringify({ ...manifest, title: 'Another evening' }));
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'manifest.json', reason: expect.stringContaining('signature') }],
    });
  });

  it('a manifest that somebody else signed', async () => {
    const { recordings, id, manifest, manifestPath } = await finished();
    const stranger = newSigner();
    const { signature: _, ...payload } = manifest;
    const forged = signManifest(
      { ...payload, host: { ...payload.host, publicKey: stranger.publicKey } },
      stranger,
    );
    await writeFile(manifestPath, JSON.stringify(forged));
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'manifest.json', reason: expect.stringContaining('somebody else') }],
    });
  });

  it('a manifest whose files lie outside the folder', async () => {
    const { recordings, id, manifest, manifestPath, options } = await finished();
    const { signature: _, ...payload } = manifest;
    const outside = { ...payload, init: { ...payload.init, uri: '../../studio.db' } };
    await writeFile(manifestPath, JSON.stringify(signManifest(outside, options.signer)));
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'manifest.json', reason: expect.stringContaining('init.uri') }],
    });
  });

  it.each<[string, (payload: ManifestPayload) => Partial<ManifestPayload>, string]>([
    ['sizes that do not add up', ({ sizeBytes }) => ({ sizeBytes: sizeBytes + 1 }), 'sizes'],
    [
      'a length that does not add up',
      ({ durationMs }) => ({ durationMs: durationMs * 2 }),
      'durations',
    ],
    [
      'a file of a petabyte',
      ({ init }) => ({ init: { ...init, sizeBytes: 1e15 } }),
      'init.sizeBytes',
    ],
    [
      'a segment by the name of a folder',
      ({ segments }) => ({ segments: segments.map((one) => ({ ...one, uri: '../x.m4s' })) }),
      'segments.0.uri',
    ],
  ])('a manifest with %s, even when its host signed it', async (_what, change, named) => {
    const { recordings, id, manifest, manifestPath, options } = await finished();
    const { signature: _, ...payload } = manifest;
    const absurd = signManifest({ ...payload, ...change(payload) }, options.signer);
    await writeFile(manifestPath, JSON.stringify(absurd));
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'manifest.json', reason: expect.stringContaining(named) }],
    });
    await expect(recordings.filesOf(id)).rejects.toMatchObject({ code: 'recording-damaged' });
  });

  it('a manifest of a gigabyte, one that is a link, and one that is not there', async () => {
    const { recordings, id, manifestPath, dataDir } = await finished();
    const reason = async () => (await recordings.verify(id)).problems[0]?.reason;
    await cp(manifestPath, join(dataDir, 'elsewhere.json'));
    await truncate(manifestPath, 1024 ** 3);
    expect(await reason()).toContain(`${1024 ** 3} bytes`);
    await rm(manifestPath);
    expect(await reason()).toContain('missing');
    await symlink(join(dataDir, 'elsewhere.json'), manifestPath);
    expect(await reason()).toContain('not a file');
  });

  it('a segment that is a link out of the folder', async () => {
    const { recordings, id, folder, dataDir } = await finished();
    const path = join(folder, 'segment-000000.m4s');
    await rename(path, join(dataDir, 'elsewhere.m4s'));
    await symlink(join(dataDir, 'elsewhere.m4s'), path);
    expect(await recordings.verify(id)).toMatchObject({
      problems: [{ file: 'segment-000000.m4s', reason: 'is not a file' }],
    });
  });

  it('a playlist that lists something else', async () => {
    const { recordings, id, folder } = await finished();
    const path = join(folder, 'index.m3u8');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('segment-000001', 'segment-000002'),
    );
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'index.m3u8', reason: expect.stringContaining('segment-000001.m4s') }],
    });
  });
});

describe('verifying the separate tracks', () => {
  const SLICE = encodeTrackSlice([
    {
      kind: 'frame',
      ...{ keyframe: true, width: 0, height: 0, timestamp: 0, atMs: 1_000_100 },
      data: Buffer.alloc(200, 'voice'),
    },
  ]);

  /** Two tracks of three slices each, the first of which is Ada's. */
  async function withTracks() {
    const fixture = await openRecordings();
    const { recordings } = fixture;
    const { recordingId: id } = await recordings.start(room(), WEBM);
    const tracks = recordings.tracksOf(id);
    const [first, second] = [trackOf(), trackOf({ name: 'Bo' })];
    for (const track of [first, second]) {
      await tracks.begin(track);
      for (const seq of [0, 1, 2]) await tracks.append(track.trackId, seq, SLICE);
    }
    for (const [seq, slice] of slices.entries()) await recordings.append(id, seq, slice);
    await recordings.stop(id);
    await recordings.settled();
    const file = `tracks/${first.trackId}.swj`;
    return { ...fixture, id, file, path: join(fixture.folderOf(id), file), second };
  }

  it('passes them as they were recorded, and counts their bytes', async () => {
    const { recordings, id } = await withTracks();
    const fractions: number[] = [];
    const report = await recordings.library.verify(id, {
      progress: (fraction) => fractions.push(fraction),
    });
    expect(report).toMatchObject({ ok: true, problems: [] });
    const replay = await recordings.library.verifyReplay(id);
    expect(report.checkedFiles).toBe(replay.checkedFiles + 2);
    expect(fractions).toHaveLength(report.checkedFiles);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.at(-3)).toBeLessThan(1);
  });

  it('looks at them when the manifest is gone, and at empty ones', async () => {
    const { recordings, id, file, path, folderOf, second } = await withTracks();
    await rm(join(folderOf(id), 'manifest.json'));
    await writeFile(path, '');
    await rm(join(folderOf(id), 'tracks', `${second.trackId}.swj`));
    const fractions: number[] = [];
    const { problems } = await recordings.library.verify(id, {
      progress: (fraction) => fractions.push(fraction),
    });
    expect(problems.map((problem) => problem.file)).toEqual(['manifest.json', file]);
    expect(fractions).toEqual([1]);
  });

  it('stops when it is told to', async () => {
    const { recordings, id } = await withTracks();
    const stop = new AbortController();
    const verified = recordings.library.verify(id, {
      signal: stop.signal,
      progress: () => stop.abort(new Error('Enough.')),
    });
    await expect(verified).rejects.toThrow('Enough.');
  });

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    [
      'a flipped byte in a slice',
      (bytes) => flipped(bytes, bytes.length - 20),
      'SHA-256 of 1 slice',
    ],
    ['a flipped byte in a header', (bytes) => flipped(bytes, 8), 'bytes can not be read'],
    ['an end that is cut off', (bytes) => bytes.subarray(0, -20), 'in the middle of a slice'],
    ['nothing in it', () => Buffer.alloc(0), 'what the track is'],
    ['a slice taken out', (bytes) => withoutSliceBeforeLast(bytes), 'lacks 1 slice'],
  ])('names a journal with %s', async (_what, change, reason) => {
    const { recordings, id, file, path } = await withTracks();
    await writeFile(path, change(await readFile(path)));
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      replayOk: true,
      problems: [{ file, reason: expect.stringContaining(reason) }],
    });
  });

  it('passes a last slice that a crash cut off', async () => {
    const { recordings, id, path, db } = await withTracks();
    await writeFile(path, (await readFile(path)).subarray(0, -20));
    db.prepare('UPDATE recordings SET recovered = 1').run();
    expect(await recordings.verify(id)).toMatchObject({ ok: true });
  });

  it('names the journal of another track in its place, and a link', async () => {
    const { recordings, id, file, path, folderOf, second } = await withTracks();
    const other = join(folderOf(id), 'tracks', `${second.trackId}.swj`);
    await cp(other, path);
    const { problems } = await recordings.verify(id);
    expect(problems).toEqual([{ file, reason: expect.stringContaining('key') }]);
    await rm(path);
    await symlink(other, path);
    expect((await recordings.verify(id)).problems).toEqual([{ file, reason: 'is not a file' }]);
  });

  it('keeps a whole replay whose tracks are damaged, after a crash too', async () => {
    const { recordings, id, file, path, folderOf, db, options } = await withTracks();
    await recordings.close();
    await writeFile(path, flipped(await readFile(path), 8));
    const journal = join(folderOf(id), 'journal.swj');
    await writeFile(journal, 'nothing that a replay could be made of');
    db.prepare(`UPDATE recordings SET state = 'finalizing'`).run();
    const { recordings: again } = await openRecordings(options);
    await again.recover();
    await again.settled();
    expect(again.status(id)).toMatchObject({ state: 'ready' });
    expect(again.library.index.factsOf(id).hash).toMatchObject({ problems: [{ file }] });
    expect(existsSync(journal)).toBe(false);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function withoutSliceBeforeLast(bytes: Buffer): Buffer {
  const last = bytes.lastIndexOf('SWJ1');
  return Buffer.concat([
    bytes.subarray(0, bytes.lastIndexOf('SWJ1', last - 1)),
    bytes.subarray(last),
  ]);
}

/** The files of a folder, which may be one that is still written to: there names come and go. */
async function filesIn(dir: string): Promise<[string, Buffer][]> {
  try {
    const names = await readdir(dir);
    return await Promise.all(
      names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(dir, name))]),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return filesIn(dir);
    throw error;
  }
}

describe('on disk', () => {
  it('segments of a room that is not public show nothing, and the key opens them', async () => {
    const { recordings, id, folder, manifest } = await finished();
    const playlist = await readFile(join(folder, 'index.m3u8'), 'utf8');
    const ivs = [...playlist.matchAll(/IV=0x([0-9a-f]{32})/g)].map((match) => match[1] ?? '');
    expect(new Set(ivs).size).toBe(manifest.segments.length);
    expect(playlist.indexOf('#EXT-X-MAP')).toBeLessThan(playlist.indexOf('#EXT-X-KEY'));

    const key = recordings.segmentKeyOf(id) ?? new Uint8Array();
    const parts = [await readFile(join(folder, 'init.mp4'))];
    for (const [index, segment] of manifest.segments.entries()) {
      const stored = await readFile(join(folder, segment.uri));
      expect(stored.includes('moof')).toBe(false);
      const iv = Buffer.from(ivs[index] ?? '', 'hex');
      const decipher = createDecipheriv('aes-128-cbc', key, iv);
      parts.push(Buffer.concat([decipher.update(stored), decipher.final()]));
    }
    const whole = join(await temporaryFolder(), 'whole.mp4');
    await writeFile(whole, Buffer.concat(parts));
    const probed = await probe(whole);
    expect(probed).toMatchObject({ codecs: ['h264', 'opus'], clean: true });
    expect(probed.durationS).toBeCloseTo(6, 1);
  });

  it('the folder of a room that is not public tells neither what it was called nor what was in it', async () => {
    const { folder, recordings, folderOf } = await finished();
    const running = await record(recordings, slices, room({ roomId: 'room_other0123456789' }));
    for (const dir of [folder, folderOf(running)]) {
      for (const [name, bytes] of await filesIn(dir)) {
        for (const secret of [room().title, 'Ünïcode', 'moof', 'mdat', 'matroska', GUEST]) {
          expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false);
        }
      }
    }
    // Those who may watch it are told its name beside it.
    expect(recordings.statusOfRoom(room().roomId, folder.split('/').at(-1))?.title).toBe(
      room().title,
    );
  });

  it('the journal of a running recording shows nothing', async () => {
    const { recordings, folderOf } = await openRecordings();
    const id = await record(recordings, slices);
    const journal = await readFile(join(folderOf(id), 'journal.swj'));
    expect(Buffer.concat(slices).includes('matroska')).toBe(true);
    expect(journal.includes('matroska')).toBe(false);
  });

  it('segments of a public room lie there as they are', async () => {
    const { recordings, id, folder } = await finished('public');
    expect((await readFile(join(folder, 'segment-000000.m4s'))).includes('moof')).toBe(true);
    expect(recordings.segmentKeyOf(id)).toBeUndefined();
  });
});
