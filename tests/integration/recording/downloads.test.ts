import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { DownloadTickets, TICKET_LIFE_MS } from '../../../main/downloads/download-tickets.ts';
import { Downloads, KEPT_MS } from '../../../main/downloads/downloads.ts';
import type { Visibility } from '../../../protocol/rooms.ts';
import { probe, recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, room, STRANGER, WEBM } from './recorded-room.ts';
import { ask, serveReplays } from './replay-server.ts';
import { openRecordings } from './studio-fixture.ts';

const ROOM = room().roomId;

async function served(visibility: Visibility) {
  const fixture = await openRecordings();
  const { recordings, dataDir, clock } = fixture;
  const now = () => clock.nowMs;
  const dir = join(dataDir, 'downloads');
  const downloads = await Downloads.open({
    ...{ recordings, dir, ffmpegPath: 'ffmpeg', clock: now, logger: pino({ level: 'silent' }) },
  });
  onTestFinished(() => downloads.close());
  const { recordingId } = await recordings.start(room({ visibility }), WEBM);
  for (const [seq, slice] of slicesOf(await recorderStream(6)).entries()) {
    await recordings.append(recordingId, seq, slice);
  }
  await recordings.stop(recordingId);
  await recordings.settled();
  const tickets = new DownloadTickets(now);
  const origin = await serveReplays(recordings, { downloads: { downloads, tickets } });
  const request = (as: string | undefined) =>
    ask(`${origin}/replays/${recordingId}/download`, as, { method: 'POST' });
  const allow = (downloadable: boolean, as = HOST) =>
    ask(`${origin}/api/streams/${ROOM}/recording`, as, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ downloadable }),
    });
  return { ...fixture, recordingId, downloads, dir, origin, request, allow };
}

it('an MP4 is for those who may watch, once the host allows it, and opens anywhere', async () => {
  const { request, allow, origin, dataDir, recordings, recordingId } = await served('invite-only');
  expect((await request(GUEST)).status).toBe(403);
  expect(recordings.status(recordingId).downloadable).toBeUndefined();
  expect((await allow(true, GUEST)).status).toBe(403);
  expect((await (await allow(true)).json()).downloadable).toBe(true);
  expect((await request(undefined)).status).toBe(401);
  expect((await request(STRANGER)).status).toBe(403);

  const answer = await request(GUEST);
  expect(answer.status).toBe(200);
  const { url, name, sizeBytes } = await answer.json();
  expect(name).toBe('An evening of Ünïcode 2026-01-01.mp4');
  // A browser that saves a file sends no session with it.
  const file = await ask(`${origin}${url}`, undefined);
  expect(file.headers.get('content-type')).toBe('video/mp4');
  expect(file.headers.get('content-disposition')).toBe(
    `attachment; filename="An evening of _n_code 2026-01-01.mp4"; filename*=UTF-8''An%20evening%20of%20%C3%9Cn%C3%AFcode%202026-01-01.mp4`,
  );
  const bytes = Buffer.from(await file.arrayBuffer());
  expect(bytes.length).toBe(sizeBytes);
  const saved = join(dataDir, 'saved.mp4');
  await writeFile(saved, bytes);
  const { durationS, clean, codecs } = await probe(saved);
  expect([Math.round(durationS), clean]).toEqual([6, true]);
  expect(codecs.toSorted()).toEqual(['h264', 'opus']);

  // One that broke off goes on where it stopped.
  const rest = await ask(`${origin}${url}`, undefined, { headers: { range: 'bytes=1000-' } });
  expect(rest.status).toBe(206);
  expect(bytes.subarray(1000).equals(Buffer.from(await rest.arrayBuffer()))).toBe(true);
  const beyond = { headers: { range: `bytes=${sizeBytes + 5}-` } };
  expect((await ask(`${origin}${url}`, undefined, beyond)).status).toBe(416);
});

it('a ticket is for one recording, for an hour, for as long as its holder may watch', async () => {
  const { request, allow, origin, clock, recordings, recordingId } = await served('invite-only');
  await allow(true);
  const { url } = await (await request(GUEST)).json();
  const get = async (path = url) => {
    const answer = await ask(`${origin}${path}`, undefined);
    await answer.arrayBuffer();
    return answer.status;
  };
  expect(await get()).toBe(200);
  expect(await get(url.replace(/.$/, (last: string) => (last === 'x' ? 'y' : 'x')))).toBe(404);
  expect(await get(url.replace(recordingId, 'rec_another1234567890'))).toBe(404);
  recordings.bar(ROOM, GUEST, true);
  expect(await get()).toBe(403);
  recordings.bar(ROOM, GUEST, false);
  await allow(false);
  expect(await get()).toBe(403);
  await allow(true);
  expect(await get()).toBe(200);
  clock.nowMs += TICKET_LIFE_MS;
  expect(await get()).toBe(404);
});

it('the file is made once, and goes when nobody wants it, it is forbidden or deleted', async () => {
  const { request, allow, downloads, dir, clock, recordings, recordingId } = await served('public');
  await allow(true);
  const answers = await Promise.all([request(undefined), request(undefined), request(HOST)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const files = async () => {
    await downloads.settled();
    return readdir(dir, { recursive: true });
  };
  const made = [recordingId, `${recordingId}/An evening of Ünïcode 2026-01-01.mp4`];
  expect((await files()).toSorted()).toEqual(made);

  const done = downloads.use(recordingId);
  clock.nowMs += 2 * KEPT_MS;
  downloads.sweep();
  expect(await files()).toEqual(made);
  done();
  downloads.sweep();
  expect(await files()).toEqual(made);
  clock.nowMs += KEPT_MS;
  downloads.sweep();
  expect(await files()).toEqual([]);

  await request(undefined);
  await allow(false);
  expect(await files()).toEqual([]);
  await allow(true);
  await request(undefined);
  await recordings.remove(ROOM);
  expect(await files()).toEqual([]);
  expect((await request(undefined)).status).toBe(410);
});

it('nothing damaged is handed out', async () => {
  const { request, allow, dir, folderOf, recordingId, downloads } = await served('public');
  await allow(true);
  await writeFile(join(folderOf(recordingId), 'segment-000001.m4s'), 'something else');
  const answer = await request(undefined);
  expect([answer.status, (await answer.json()).code]).toEqual([500, 'recording-damaged']);
  await downloads.settled();
  expect(await readdir(dir, { recursive: true })).toEqual([]);
});
