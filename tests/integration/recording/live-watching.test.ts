import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { LiveViewers } from '../../../main/replay/live-viewers.ts';
import { userIdOf } from '../../../protocol/identity.ts';
import { LiveManifest } from '../../../protocol/live-manifest.ts';
import { ManifestFiles } from '../../../renderer/replay/integrity/manifest-files.ts';
import { isGenuine } from '../../../renderer/replay/integrity/signed-files.ts';
import { recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, newSigner, room, STRANGER, WEBM } from './recorded-room.ts';
import { ask, serveReplays } from './replay-server.ts';
import { openRecordings, PATIENCE } from './studio-fixture.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(8));
});

/** A host whose `userId` follows from the key, as players demand. */
function namedSigner() {
  const signer = newSigner();
  const digest = createHash('sha256').update(Buffer.from(signer.publicKey, 'base64url')).digest();
  return { ...signer, userId: userIdOf(digest) };
}

/** A recording of which so much is written, as its viewers see it. */
async function running(part: number, options: Parameters<typeof serveReplays>[1] = {}) {
  const fixture = await openRecordings({ signer: namedSigner() });
  const { recordings } = fixture;
  const node = await serveReplays(recordings, options);
  const { recordingId } = await recordings.start(room(), WEBM);
  const replay = `${node}/replays/${recordingId}`;
  let written = 0;
  const write = async (until: number) => {
    for (; written < Math.floor(slices.length * until); written += 1) {
      const slice = slices[written];
      if (slice) await recordings.append(recordingId, written, slice);
    }
  };
  await write(part);
  const get = (path: string, as: string | undefined = GUEST) => ask(`${replay}/${path}`, as);
  /** Reads to the end: a connection that is not read holds up the node's close. */
  const status = async (path: string, as?: string) => {
    const answer = await get(path, as);
    await answer.arrayBuffer();
    return answer.status;
  };
  const text = async (path: string, as?: string) => (await get(path, as)).text();
  await expect.poll(() => text('index.m3u8', HOST), PATIENCE).toContain('segment-000000');
  return { ...fixture, recordingId, write, get, status, text };
}

const listed = (playlist: string) => [...playlist.matchAll(/^segment-(\d+)/gm)].length;

describe('a playlist that grows', () => {
  it('is held back until the awaited segment is there', async () => {
    const { text, write } = await running(0.5);
    const have = listed(await text('index.m3u8'));
    const awaited = text(`index.m3u8?_HLS_msn=${have}`);
    await write(1);
    expect(listed(await awaited)).toBeGreaterThan(have);
  });

  it('is let go when the recording ends, as the finished one', async () => {
    const { text, recordings, recordingId } = await running(1);
    // The last of its four segments comes with its end, and there is no fifth.
    await expect.poll(async () => listed(await text('index.m3u8')), PATIENCE).toBe(3);
    const awaited = text('index.m3u8?_HLS_msn=4');
    await recordings.stop(recordingId);
    expect(await awaited).toContain('#EXT-X-ENDLIST');
  });

  it('is not waited for without end', async () => {
    const { get, status } = await running(0.5);
    const answer = await get('index.m3u8?_HLS_msn=1000');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'validation-failed' });
    for (const bad of ['-1', '1.5', 'NaN', '99999999999']) {
      expect(await status(`index.m3u8?_HLS_msn=${bad}`)).toBe(400);
    }
  });

  it('is refused to somebody who was shut out while they waited', async () => {
    let backstage = false;
    const { get, write, text } = await running(0.5, { isBackstage: () => backstage });
    const awaited = get(`index.m3u8?_HLS_msn=${listed(await text('index.m3u8'))}`);
    backstage = true;
    await write(1);
    const refused = await awaited;
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'recording-not-live' }),
    ]);
  });
});

describe('somebody who was banned from the room', () => {
  it('loses all of its recording at once, and gets it back with the ban', async () => {
    const { recordings, get, status, text, write } = await running(0.5);
    const awaited = get(`index.m3u8?_HLS_msn=${listed(await text('index.m3u8'))}`);
    recordings.bar(room().roomId, GUEST, true);
    await write(1);
    const refused = await awaited;
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'forbidden' }),
    ]);
    for (const file of ['index.m3u8', 'live.json', 'init.mp4', 'segment-000000.m4s', 'key']) {
      expect(await status(file)).toBe(403);
      expect(await status(file, HOST)).toBe(200);
    }
    recordings.bar(room().roomId, GUEST, false);
    expect(await status('index.m3u8')).toBe(200);
  });
});

describe('a recording of a room that its host has not promoted', () => {
  it.each(['index.m3u8', 'live.json', 'init.mp4', 'segment-000000.m4s', 'key'])(
    'keeps %s from everybody but the host',
    async (file) => {
      const { get, status } = await running(0.5, { isBackstage: () => true });
      const answer = await get(file);
      expect([answer.status, await answer.json()]).toEqual([
        409,
        expect.objectContaining({ code: 'recording-not-live' }),
      ]);
      expect(await status(file, HOST)).toBe(200);
    },
  );
});

describe('a recording of a private project', () => {
  it('is for its members alone, whatever its visibility, and is in nobody else’s cache', async () => {
    const members = new Set([GUEST]);
    const fixture = await openRecordings({ insidersOf: () => members });
    const node = await serveReplays(fixture.recordings);
    const { recordingId } = await fixture.recordings.start(room({ visibility: 'public' }), WEBM);
    for (const [seq, slice] of slices.entries()) {
      await fixture.recordings.append(recordingId, seq, slice);
    }
    await fixture.recordings.stop(recordingId);
    const get = (file: string, as?: string) => ask(`${node}/replays/${recordingId}/${file}`, as);
    for (const file of ['index.m3u8', 'manifest.json', 'init.mp4', 'segment-000000.m4s']) {
      const mine = await get(file, GUEST);
      await mine.arrayBuffer();
      expect(mine.status).toBe(200);
      expect(mine.headers.get('cache-control')).toMatch(/^private/);
      for (const outside of [STRANGER, `guest:${STRANGER}`, undefined]) {
        const refused = await get(file, outside);
        expect([refused.status, await refused.json()]).toEqual([
          404,
          expect.objectContaining({ code: 'recording-not-found' }),
        ]);
      }
    }
    const status = await ask(`${node}/api/streams/${room().roomId}/recording`, STRANGER);
    expect([status.status, ((await status.json()) as { code: string }).code]).toEqual([
      404,
      'recording-not-found',
    ]);
    members.delete(GUEST);
    const gone = await get('segment-000000.m4s', GUEST);
    await gone.arrayBuffer();
    expect(gone.status).toBe(404);
  });
});

describe('a live manifest', () => {
  it('vouches for each segment as it is served, and then for the finished replay', async () => {
    const { get, status, recordings, recordingId, options } = await running(1);
    const expected = { recordingId, roomId: room().roomId, hostUserId: options.signer.userId };
    const files = new ManifestFiles(
      expected,
      async (name) => {
        const answer = await get(name);
        if (answer.ok) return answer.json();
        throw Object.assign(new Error(), await answer.json());
      },
      true,
    );
    const never = new AbortController().signal;
    const check = async (name: string) => {
      const bytes = new Uint8Array(await (await get(name)).arrayBuffer());
      expect(await isGenuine(bytes, await files.signedFile(name, never))).toBe(true);
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      expect(await isGenuine(bytes, await files.signedFile(name, never))).toBe(false);
    };
    await check('init.mp4');
    await check('segment-000001.m4s');
    await recordings.stop(recordingId);
    expect(await status('live.json')).toBe(409);
  });

  it('is for the audience', async () => {
    const { get, status } = await running(0.5);
    expect(await status('live.json', STRANGER)).toBe(403);
    const answer = await get('live.json?from=5000');
    expect(LiveManifest.parse(await answer.json()).segments).toEqual([]);
    expect(await status('live.json?from=x')).toBe(400);
  });
});

describe('people who watch', () => {
  it('are counted by their sessions, or by what their page calls itself', async () => {
    const viewers = new LiveViewers(Date.now);
    const { status, recordings, recordingId } = await running(0.5, { viewers });
    await status('index.m3u8');
    await status('index.m3u8', `guest:${GUEST}`);
    await status('index.m3u8', STRANGER);
    expect(viewers.count(room().roomId, [HOST])).toBe(1);
    await recordings.stop(recordingId);
    viewers.forget(room().roomId);
    await status('index.m3u8');
    expect(viewers.count(room().roomId)).toBe(0);
  });
});
