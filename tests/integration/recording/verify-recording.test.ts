import { createDecipheriv } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { signManifest } from '../../../main/recording/manifest.ts';
import { Manifest } from '../../../protocol/recordings.ts';
import { probe, recorderStream, slicesOf } from './media.ts';
import { newSigner, room } from './recorded-room.ts';
import { openRecordings, record, temporaryFolder } from './studio-fixture.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(6));
});

async function finished(visibility: 'public' | 'invite-only' = 'invite-only') {
  const fixture = await openRecordings();
  const id = await record(fixture.recordings, slices, room({ visibility }));
  await fixture.recordings.stop(id);
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
