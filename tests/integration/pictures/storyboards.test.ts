import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { throughFfmpeg } from '../../../main/pictures/ffmpeg-pipe.ts';
import { StoryboardStore } from '../../../main/storyboards/storyboard-store.ts';
import { Storyboards } from '../../../main/storyboards/storyboards.ts';
import type { Visibility } from '../../../protocol/rooms.ts';
import { SHEET, TILE } from '../../../protocol/storyboard-vtt.ts';
import { slicesOf } from '../recording/media.ts';
import { HOST, room, WEBM } from '../recording/recorded-room.ts';
import { ask, serveReplays } from '../recording/replay-server.ts';
import { openRecordings } from '../recording/studio-fixture.ts';

const run = promisify(execFile);

/**
 * Red for 8 s, then green for 8 s, then blue, with keyframes where asked for: as a browser sends
 * them, or more than a segment needs.
 */
async function threeColours(keyframesEveryS: number): Promise<Buffer> {
  const source = (colour: string) => ['-f', 'lavfi', '-i', `color=${colour}:s=160x120:r=10:d=8`];
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', ...source('red'), ...source('lime'), ...source('blue')],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=24'],
      ...['-filter_complex', '[0][1][2]concat=n=3:v=1[v]', '-map', '[v]', '-map', '3:a'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
      ...['-force_key_frames', `expr:gte(t,n_forced*${keyframesEveryS})`, '-g', '999'],
      ...['-c:a', 'libopus', '-b:a', '32k', '-cluster_time_limit', '500', '-live', '1'],
      ...['-f', 'matroska', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  return stdout;
}

async function studioWith(stream: Buffer, visibility: Visibility) {
  const fixture = await openRecordings();
  const { recordings, folderOf } = fixture;
  const store = new StoryboardStore({ folderOf, masterKey: Buffer.alloc(32, 1) });
  const logger = pino({ level: 'silent' });
  const make = () => {
    const storyboards = new Storyboards({ recordings, store, ffmpegPath: 'ffmpeg', logger });
    onTestFinished(() => storyboards.close());
    return storyboards;
  };
  const storyboards = make();
  const { recordingId } = await recordings.start(room({ visibility }), WEBM);
  for (const [seq, slice] of slicesOf(stream).entries()) {
    await recordings.append(recordingId, seq, slice);
  }
  await recordings.stop(recordingId);
  await storyboards.settled();
  const url = `${await serveReplays(recordings, { storyboards: store })}/replays/${recordingId}`;
  return { ...fixture, recordingId, storyboards, make, store, url };
}

/** The colour in the middle of each picture that a storyboard names, and when it begins. */
async function coloursOf(track: string, sheet: Buffer) {
  const cues = track.trim().split('\n\n').slice(1);
  const columns = Math.min(SHEET.columns, cues.length);
  const raw = await throughFfmpeg({
    ...{ ffmpegPath: 'ffmpeg', signal: new AbortController().signal },
    ...{ inputOptions: ['-f', 'webp_pipe'], input: [sheet], maxOutputBytes: 10 ** 8 },
    outputOptions: ['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
  });
  return cues.map((cue) => {
    const [, start] = /^00:00:(\d\d)/.exec(cue) ?? [];
    const [, x, y] = /#xywh=(\d+),(\d+)/.exec(cue) ?? [];
    const row = (Number(y) + TILE.height / 2) * columns * TILE.width;
    const at = (row + Number(x) + TILE.width / 2) * 3;
    const channels = [...raw.subarray(at, at + 3)];
    const strongest = channels.indexOf(Math.max(...channels));
    return `${start} ${['red', 'green', 'blue'][strongest]}`;
  });
}

const BY_TIME = ['00 red', '04 red', '08 green', '12 green', '16 blue', '20 blue'];

it.each([
  ['a recorder’s usual keyframes', 2],
  ['more keyframes than segments', 0.5],
])('shows what is to be seen at each time, with %s', async (_name, everyS) => {
  const studio = await studioWith(await threeColours(everyS), 'public');
  const track = await ask(`${studio.url}/storyboard.vtt`, undefined);
  expect(track.headers.get('content-type')).toContain('text/vtt');
  expect(track.headers.get('cache-control')).toContain('public');
  const sheet = await ask(`${studio.url}/storyboard/0.webp`, undefined);
  expect(sheet.headers.get('content-type')).toBe('image/webp');
  const colours = await coloursOf(await track.text(), Buffer.from(await sheet.arrayBuffer()));
  expect(colours).toEqual(BY_TIME);
  expect((await ask(`${studio.url}/storyboard/1.webp`, undefined)).status).toBe(404);
  expect((await ask(`${studio.url}/storyboard/9.webp`, undefined)).status).toBe(400);
  expect((await ask(`${studio.url}/storyboard/..%2F0.webp`, undefined)).status).toBe(400);
});

it('a private recording’s is for its audience, unreadable on the disk, and goes with it', async () => {
  const studio = await studioWith(await threeColours(2), 'invite-only');
  const { recordingId, url } = studio;
  for (const path of ['storyboard.vtt', 'storyboard/0.webp']) {
    expect((await ask(`${url}/${path}`, undefined)).status).toBe(401);
    expect((await ask(`${url}/${path}`, 'stranger')).status).toBe(403);
    const answer = await ask(`${url}/${path}`, HOST);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('private');
    const stored = await readFile(
      join(studio.folderOf(recordingId), 'storyboard', path.split('/').at(-1) ?? ''),
    );
    expect(stored.includes('WEBP') || stored.includes('WEBVTT')).toBe(false);
  }
  // Pictures of an encrypted recording are those of what is in it.
  const sheet = await studio.store.sheet(recordingId, 0);
  const track = await studio.store.track(recordingId);
  expect(await coloursOf(track ?? '', sheet ?? Buffer.alloc(0))).toEqual(BY_TIME);

  await studio.recordings.remove(studio.recordings.library.require(recordingId).roomId);
  expect((await ask(`${url}/storyboard.vtt`, HOST)).status).toBe(410);
  expect(await studio.store.has(recordingId)).toBe(false);
});

it('is made by the next start where it is missing or was changed, and of nothing damaged', async () => {
  const studio = await studioWith(await threeColours(2), 'public');
  const { recordingId, store } = studio;
  const track = join(studio.folderOf(recordingId), 'storyboard', 'storyboard.vtt');
  const sealed = await readFile(track);
  sealed.set([(sealed[20] ?? 0) ^ 1], 20);
  await writeFile(track, sealed);
  expect((await ask(`${studio.url}/storyboard.vtt`, undefined)).status).toBe(500);
  const next = studio.make();
  next.catchUp();
  await next.settled();
  expect(await store.has(recordingId)).toBe(true);
  expect((await ask(`${studio.url}/storyboard.vtt`, undefined)).status).toBe(200);

  await writeFile(track, sealed);
  await writeFile(join(studio.folderOf(recordingId), 'segment-000002.m4s'), 'something else');
  const last = studio.make();
  last.catchUp();
  await last.settled();
  expect(await store.has(recordingId)).toBe(false);
});
