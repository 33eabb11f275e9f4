import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { AssetStore } from '../../../main/assets/asset-store.ts';
import { Feed } from '../../../main/feed/feed.ts';
import type { StreamToPublish } from '../../../main/feed/stream-posts.ts';
import { decodePicture } from '../../../main/pictures/webp.ts';
import { publishRecordings } from '../../../main/publishing/publish-recordings.ts';
import { RecordedRooms } from '../../../main/publishing/recorded-rooms.ts';
import { Thumbnails } from '../../../main/publishing/thumbnails.ts';
import { RoomRegistry } from '../../../main/rendezvous/room-registry.ts';
import { PICTURE_WIDTHS } from '../../../protocol/assets.ts';
import type { Visibility } from '../../../protocol/rooms.ts';
import { slicesOf } from '../recording/media.ts';
import { HOST, room, WEBM } from '../recording/recorded-room.ts';
import { openRecordings, PATIENCE } from '../recording/studio-fixture.ts';

const run = promisify(execFile);

const STREAM_MS = 32_000;

/** A blurred picture, but for one in its third 10 s: that one is sharp, and red. */
async function oneSharpFrame(): Promise<Buffer> {
  const sharp = 'between(t,19,23)';
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10,boxblur=20'],
      ...[
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=440:sample_rate=48000',
        '-t',
        String(STREAM_MS / 1000),
      ],
      ...['-vf', `drawgrid=w=16:h=16:t=2:c=red:enable='${sharp}'`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
      ...['-g', '20', '-keyint_min', '20', '-sc_threshold', '0'],
      ...['-c:a', 'libopus', '-b:a', '32k', '-cluster_time_limit', '500', '-live', '1'],
      ...['-f', 'matroska', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  return stdout;
}

async function recordedStudio(
  stream: Buffer,
  options: { visibility: Visibility; camera: boolean },
) {
  const studio = await recordingStudio(stream, options);
  await studio.stop();
  return { ...studio, post: studio.feed.postOfRecording(studio.recordingId) };
}

/** A room whose recording runs and holds this stream. */
async function recordingStudio(
  stream: Buffer,
  options: { visibility: Visibility; camera: boolean; promoted?: boolean },
) {
  const { recordings, db, clock, dataDir } = await openRecordings();
  const now = () => clock.nowMs;
  const rooms = new RoomRegistry({ clock: now });
  const dir = join(dataDir, 'assets');
  const assets = new AssetStore({ dir, db, clock: now, masterKey: Buffer.alloc(32, 1) });
  const ownerOfPicture = (assetId: string) => assets.ownerOf(assetId);
  const feed = new Feed({ db, clock: now, ownerOfPicture });
  const recordedRooms = new RecordedRooms(db);
  publishRecordings({ recordings, rooms, feed, recordedRooms, clock: now });
  const logger = pino({ level: 'silent' });
  const thumbnails = new Thumbnails({
    ...{ recordings, rooms, feed, assets, db, ffmpegPath: 'ffmpeg', logger },
  });
  onTestFinished(() => thumbnails.close());
  const host = {
    ...{ userId: HOST, handle: 'ann', displayName: 'Ann', publicKey: 'A'.repeat(43) },
    ...{ scopes: [], guest: false },
  };
  const { visibility, camera } = options;
  const { roomId } = rooms.create(host, { context: 'profile', title: 'A room', visibility });
  const { peerId } = rooms.people.join(roomId, host);
  if (!camera) rooms.people.setMuted(roomId, peerId, { video: true });
  const author = { userId: HOST, handle: 'ann', displayName: 'Ann' };
  const startedAt = new Date(clock.nowMs).toISOString();
  recordedRooms.remember({
    ...{ roomId, title: 'A room', context: 'profile', visibility, author, startedAt },
  });
  rooms.requestRecording(roomId, true);
  const { recordingId } = await recordings.start(room({ roomId, visibility }), WEBM);
  if (options.promoted) {
    const live = { roomId, recordingId, context: 'profile', visibility, projectId: undefined };
    feed.publishStream({
      ...{ room: live, author, title: 'A room', description: '', tags: [], allowedUserIds: [] },
    } as unknown as StreamToPublish);
  }
  const slices = slicesOf(stream);
  const last = slices.length - 1;
  const startedMs = clock.nowMs;
  const append = (seq: number) => {
    clock.nowMs = startedMs + (STREAM_MS * seq) / last;
    return recordings.append(recordingId, seq, slices[seq] ?? Buffer.alloc(0));
  };
  for (let seq = 0; seq < last; seq += 1) await append(seq);
  // As in a room, where slices come with the clock: ffmpeg has made something of them by now.
  const media = () => recordings.sealedMedia(recordingId);
  await expect.poll(async () => (await media()) !== undefined, PATIENCE).toBe(true);
  await append(last);
  const stop = async () => {
    await recordings.stop(recordingId);
    await thumbnails.settled();
  };
  return { recordings, roomId, recordingId, thumbnails, assets, dir, feed, stop };
}

/** How much more of green and blue than of red a picture has on the whole. */
function coldness(raw: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < raw.length; at += 3) {
    sum += ((raw[at + 1] ?? 0) + (raw[at + 2] ?? 0)) / 2 - (raw[at] ?? 0);
  }
  return sum / (raw.length / 3);
}

/** How much redder than green a picture is on the whole. */
function redness(raw: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < raw.length; at += 3) sum += (raw[at] ?? 0) - (raw[at + 1] ?? 0);
  return sum / (raw.length / 3);
}

it('a replay’s post shows the sharpest picture of its first minute, and shows it no more once deleted', async () => {
  const studio = await recordedStudio(await oneSharpFrame(), {
    ...{ visibility: 'invite-only', camera: true },
  });
  const assetId = studio.post?.thumbnailId ?? '';
  const sizes = [];
  for (const width of PICTURE_WIDTHS) {
    const webp = await studio.assets.read(assetId, width);
    expect(webp.toString('latin1', 8, 12)).toBe('WEBP');
    sizes.push(webp.length);
    // What lies on the disk shows nothing.
    const stored = await readFile(join(studio.dir, assetId, String(width)));
    expect(stored.includes('WEBP')).toBe(false);
  }
  expect(sizes.toSorted((a, b) => b - a)).toEqual(sizes);
  const run = { ffmpegPath: 'ffmpeg', signal: new AbortController().signal };
  const raw = await decodePicture(run, await studio.assets.read(assetId, 1280));
  expect(redness(raw ?? new Uint8Array())).toBeGreaterThan(10);

  await studio.recordings.remove(studio.roomId);
  await studio.thumbnails.settled();
  expect(studio.feed.postOfRecording(studio.recordingId)?.thumbnailId).toBeUndefined();
  expect(await readdir(studio.dir)).toEqual([]);
});

it('of a room without cameras it shows a drawing of its sound', async () => {
  const studio = await recordedStudio(await oneSharpFrame(), {
    ...{ visibility: 'public', camera: false },
  });
  const run = { ffmpegPath: 'ffmpeg', signal: new AbortController().signal };
  const assetId = studio.post?.thumbnailId ?? '';
  const raw = await decodePicture(run, await studio.assets.read(assetId, 1280));
  // Bars on the dark, from green to blue as the room's id has it.
  expect(coldness(raw ?? new Uint8Array())).toBeGreaterThan(20);
});

it('a live post has a picture of its first seconds, then a better one, unless its author chose one', async () => {
  const studio = await recordingStudio(await oneSharpFrame(), {
    ...{ visibility: 'public', camera: true, promoted: true },
  });
  const { feed, recordingId, assets, thumbnails } = studio;
  const post = () => feed.postOfRecording(recordingId);
  await expect.poll(() => post()?.thumbnailOrigin, PATIENCE).toBe('early');
  const early = post()?.thumbnailId;
  await studio.stop();
  expect(post()?.thumbnailOrigin).toBe('automatic');
  expect(post()?.thumbnailId).not.toBe(early);
  expect(await readdir(studio.dir)).toEqual([post()?.thumbnailId]);

  const author = { userId: HOST, guest: false };
  const postId = post()?.postId ?? '';
  const choose = (thumbnailId: string | null) => feed.update(postId, author, { thumbnailId });
  const webp = await assets.read(post()?.thumbnailId ?? '', 320);
  const own = await assets.put(HOST, new Map(PICTURE_WIDTHS.map((width) => [width, webp])));
  choose(own);
  await thumbnails.settled();
  // What was made before is gone, and nothing that is made takes its place.
  expect(await readdir(studio.dir)).toEqual([own]);
  expect(feed.setThumbnail(postId, { assetId: early ?? '', origin: 'automatic' })).toBe(false);
  expect(post()?.editedAt).toBeUndefined();

  choose(null);
  await thumbnails.settled();
  expect(post()?.thumbnailOrigin).toBe('automatic');
  expect(await readdir(studio.dir)).toEqual([post()?.thumbnailId]);

  const again = await assets.put(HOST, new Map(PICTURE_WIDTHS.map((width) => [width, webp])));
  choose(again);
  await studio.recordings.remove(studio.roomId);
  await thumbnails.settled();
  expect(post()?.thumbnailId).toBe(again);
  feed.delete(postId, author);
  await thumbnails.settled();
  expect(await readdir(studio.dir)).toEqual([]);
});
