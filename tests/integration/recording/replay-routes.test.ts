import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Manifest } from '../../../protocol/recordings.ts';
import { probe, recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, room, STRANGER, WEBM } from './recorded-room.ts';
import { ask, serveReplays } from './replay-server.ts';
import { openRecordings, PATIENCE, record } from './studio-fixture.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(6));
});

async function served(visibility: 'public' | 'followers' | 'invite-only' = 'invite-only') {
  const fixture = await openRecordings();
  const id = await record(fixture.recordings, slices, room({ visibility }));
  await fixture.recordings.stop(id);
  await fixture.recordings.settled();
  const node = await serveReplays(fixture.recordings);
  return { ...fixture, id, node, replay: `${node}/replays/${id}`, folder: fixture.folderOf(id) };
}

/** Sends a path as it is: `fetch` would resolve its dots. */
async function askRaw(node: string, path: string): Promise<number> {
  const { hostname, port } = new URL(node);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('a replay', () => {
  it('plays over the network for those who were invited, keys and all', async () => {
    const { replay } = await served();
    const probed = await probe(`${replay}/index.m3u8`, {
      headers: `Authorization: Bearer ${GUEST}\r\n`,
    });
    expect(probed).toMatchObject({ codecs: ['h264', 'opus'], clean: true });
    expect(probed.durationS).toBeCloseTo(6, 1);
  });

  it('plays for everybody when it is public', async () => {
    const { replay } = await served('public');
    expect(await probe(`${replay}/index.m3u8`)).toMatchObject({ clean: true });
  });

  it('hands over its manifest, and files with the hashes it lists', async () => {
    const { replay } = await served();
    const manifest = Manifest.parse(await (await ask(`${replay}/manifest.json`, GUEST)).json());
    for (const file of [manifest.init, ...manifest.segments]) {
      const response = await ask(`${replay}/${file.uri}`, GUEST);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
      expect(response.headers.get('etag')).toBe(`"${file.sha256}"`);
    }
  });

  it.each(['index.m3u8', 'manifest.json', 'init.mp4', 'segment-000000.m4s', 'key'])(
    'keeps %s from strangers, guests and nobodies',
    async (file) => {
      const { replay } = await served();
      const refusal = async (as?: string) => {
        const response = await ask(`${replay}/${file}`, as);
        return [response.status, ((await response.json()) as { code: string }).code];
      };
      expect(await refusal(STRANGER)).toEqual([403, 'forbidden']);
      expect(await refusal(`guest:${STRANGER}`)).toEqual([403, 'forbidden']);
      expect(await refusal()).toEqual([401, 'auth-required']);
      expect((await ask(`${replay}/${file}`, HOST)).status).toBe(200);
    },
  );

  it('of a room for followers is for members, not for guests', async () => {
    const { replay } = await served('followers');
    expect((await ask(`${replay}/index.m3u8`, STRANGER)).status).toBe(200);
    expect((await ask(`${replay}/index.m3u8`, `guest:${STRANGER}`)).status).toBe(403);
  });

  it('that was deleted is gone, and says so', async () => {
    const { recordings, replay } = await served();
    await recordings.remove(room().roomId);
    for (const file of ['index.m3u8', 'segment-000000.m4s', 'manifest.json', 'key']) {
      const response = await ask(`${replay}/${file}`, GUEST);
      expect(response.status).toBe(410);
      expect(await response.json()).toMatchObject({ code: 'recording-expired' });
    }
  });

  it('that is still being made can be followed', async () => {
    const { recordings } = await openRecordings();
    const node = await serveReplays(recordings);
    const { recordingId } = await recordings.start(room(), WEBM);
    const replay = `${node}/replays/${recordingId}`;
    expect((await ask(`${replay}/index.m3u8`, GUEST)).status).toBe(404);
    for (const [seq, slice] of slices.entries()) await recordings.append(recordingId, seq, slice);
    const playlist = () => ask(`${replay}/index.m3u8`, GUEST).then((response) => response.text());
    await expect.poll(playlist, PATIENCE).toContain('segment-000001.m4s');
    expect((await ask(`${replay}/segment-000001.m4s`, GUEST)).status).toBe(200);
    expect((await ask(`${replay}/key`, GUEST)).status).toBe(200);
    expect((await ask(`${replay}/manifest.json`, GUEST)).status).toBe(404);
  });
});

describe('a file of a replay', () => {
  it('is served in ranges', async () => {
    const { replay, folder } = await served();
    const whole = await readFile(join(folder, 'segment-000001.m4s'));
    const part = await ask(`${replay}/segment-000001.m4s`, GUEST, {
      headers: { range: 'bytes=100-199' },
    });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 100-199/${whole.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(100, 200));

    const tail = await ask(`${replay}/segment-000001.m4s`, GUEST, {
      headers: { range: 'bytes=-10' },
    });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(whole.subarray(-10));
  });

  it('refuses a range past its end', async () => {
    const { replay, folder } = await served();
    const { length } = await readFile(join(folder, 'init.mp4'));
    const response = await ask(`${replay}/init.mp4`, GUEST, {
      headers: { range: `bytes=${length}-` },
    });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${length}`);
    expect(await response.json()).toMatchObject({ code: 'range-not-satisfiable' });
  });

  it('is served in ranges to who has the same file, whole to who has another', async () => {
    const { replay } = await served();
    const url = `${replay}/init.mp4`;
    const etag = String((await ask(url, GUEST)).headers.get('etag'));
    const range = 'bytes=0-9';
    const same = await ask(url, GUEST, { headers: { range, 'if-range': etag } });
    expect(same.status).toBe(206);
    const other = await ask(url, GUEST, { headers: { range, 'if-range': '"another"' } });
    expect(other.status).toBe(200);
  });

  it('is not sent again to who has it', async () => {
    const { replay } = await served();
    const url = `${replay}/segment-000000.m4s`;
    const etag = String((await ask(url, GUEST)).headers.get('etag'));
    const again = await ask(url, GUEST, { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('can be asked for its head alone', async () => {
    const { replay, folder } = await served();
    const { length } = await readFile(join(folder, 'segment-000000.m4s'));
    const head = await ask(`${replay}/segment-000000.m4s`, GUEST, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(length));
    expect(head.headers.get('accept-ranges')).toBe('bytes');
  });

  it.each([
    ['index.m3u8', 'application/vnd.apple.mpegurl', 'private, no-cache'],
    ['manifest.json', 'application/json; charset=utf-8', 'private, no-cache'],
    ['init.mp4', 'video/mp4', 'private, max-age=31536000, immutable'],
    ['segment-000000.m4s', 'video/iso.segment', 'private, max-age=31536000, immutable'],
    ['key', 'application/octet-stream', 'private, no-store'],
  ])('%s says what it is and how long it holds', async (file, type, caching) => {
    const { replay } = await served();
    const response = await ask(`${replay}/${file}`, GUEST);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toBe(caching);
  });

  it('of a public replay may be kept by caches on the way, and has no key', async () => {
    const { replay } = await served('public');
    const response = await ask(`${replay}/segment-000000.m4s`, undefined);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await ask(`${replay}/key`, undefined)).status).toBe(404);
  });

  it('is not served when it is not as long as the manifest says', async () => {
    const { replay, folder } = await served();
    await appendFile(join(folder, 'segment-000000.m4s'), 'more');
    const response = await ask(`${replay}/segment-000000.m4s`, GUEST);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'recording-damaged' });
  });

  it('is not served when the manifest was changed', async () => {
    const { replay, folder } = await served();
    const path = join(folder, 'manifest.json');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('"title":""', '"title":"Another"'),
    );
    const response = await ask(`${replay}/segment-000000.m4s`, GUEST);
    expect(await response.json()).toMatchObject({ code: 'recording-damaged' });
  });

  it('is never outside the replay, however it is asked for', async () => {
    const { node, id, dir } = await served('public');
    await writeFile(join(dir, 'secret.txt'), 'not for you');
    for (const path of [
      `/replays/${id}/../secret.txt`,
      `/replays/${id}/..%2fsecret.txt`,
      `/replays/${id}/%2e%2e/secret.txt`,
      `/replays/${id}/..%5csecret.txt`,
      `/replays/..%2f..%2f..%2fetc/passwd`,
      `/replays/${id}/journal.swj`,
      `/replays/${id}/segment-000000.m4s%00.txt`,
      `/replays/${id}//etc/passwd`,
      `/replays/${id}/segment-999999.m4s`,
    ]) {
      expect(await askRaw(node, path), path).toBeGreaterThanOrEqual(400);
      expect(await askRaw(node, path), path).toBeLessThan(500);
    }
  });

  it('of an unknown recording does not exist', async () => {
    const { node } = await served();
    const response = await ask(`${node}/replays/rec_unknown0000000/index.m3u8`, GUEST);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'recording-not-found' });
  });
});
