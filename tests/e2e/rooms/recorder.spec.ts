import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { distinctPictures, loudnessDb, packetTimes, streamsOf } from './media-file.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { RecorderPage } from './pages/recorder.ts';

const SECONDS = 6;

declare const recorder: RecorderPage;

let server: PageServer;
let folder: string;

test.beforeAll(async () => {
  server = await servePages('recorder');
  folder = await mkdtemp(join(tmpdir(), 'swarm-recorder-'));
});

test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test('a room is recorded as a playable file with moving pictures and everybody’s voice', async ({
  page,
}) => {
  await page.goto(`${server.origin}/recorder.html`);
  const recording = await page.evaluate((seconds) => recorder.record(seconds), SECONDS);
  const file = join(folder, 'room.webm');
  await writeFile(file, Buffer.from(recording.file, 'base64'));

  expect(recording.answer).toBe('ready');
  expect(recording.calls).toEqual(['recording.start', 'recording.stop']);
  expect(recording.states[0]).toBe('starting');
  expect(recording.states).toContain('recording');
  expect(recording.states.at(-1)).toBe('off');

  const streams = await streamsOf(file);
  const video = streams.find((s) => s.codec_type === 'video');
  const audio = streams.find((s) => s.codec_type === 'audio');
  expect([video?.width, video?.height]).toEqual([1280, 720]);
  expect(video?.codec_name).toBe('h264');
  expect(audio?.codec_name).toBe('opus');

  const frames = await packetTimes(file, 'v:0');
  expect((frames.at(-1)?.timeS ?? 0) - (frames.at(0)?.timeS ?? 0)).toBeGreaterThan(SECONDS - 1);
  const keyframes = frames.filter(({ keyframe }) => keyframe).map(({ timeS }) => timeS);
  expect(keyframes.length).toBeGreaterThanOrEqual(SECONDS / 2);
  for (const [index, timeS] of keyframes.slice(1).entries()) {
    expect(timeS - (keyframes[index] ?? 0)).toBeLessThan(2.5);
  }
  expect(await distinctPictures(file)).toBeGreaterThan(SECONDS * 5);
  expect(await loudnessDb(file)).toBeGreaterThan(-50);
});

test('slices come while the room goes on, not only at its end', async ({ page }) => {
  await page.goto(`${server.origin}/recorder.html`);
  const { slicesAtMs, stopAskedAtMs } = await page.evaluate(() => recorder.record(4));
  const whileGoingOn = slicesAtMs.filter((atMs) => atMs < stopAskedAtMs);
  expect(whileGoingOn.length).toBeGreaterThan(4);
});

test('a full disk stops the recording with a sentence and keeps what was written', async ({
  page,
}) => {
  await page.goto(`${server.origin}/recorder.html`);
  const outcome = await page.evaluate(() => recorder.recordOntoFullDisk());
  expect(outcome.slices).toBe(2);
  expect(outcome.problem).toBe(
    'The recording could not be written: The disk is full. Everything recorded until then is kept.',
  );
  expect(outcome.stopped).toBeUndefined();
});
