import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { TakeSplicer } from '../../../main/recording/takes/take-splicer.ts';
import {
  captionWidth,
  distinctPictures,
  loudnessDb,
  packetTimes,
  streamsOf,
} from './media-file.ts';
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

test('names are painted in the window’s font, and in another where that does not come', async ({
  page,
}) => {
  await page.goto(`${server.origin}/recorder.html`);
  const asked = page.waitForEvent('request', (request) => request.url().endsWith('.woff2'));
  const shown = await nameShown(page);
  const expected = await page.evaluate(async (url) => {
    const inter = new FontFace('Expected', `url(${url})`, { weight: '100 900' });
    document.fonts.add(await inter.load());
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    if (!context) throw new Error('There is no canvas to measure on.');
    context.font = "500 26px 'Expected'";
    const box = context.measureText('Ada Lovelace');
    return box.actualBoundingBoxLeft + box.actualBoundingBoxRight;
  }, (await asked).url());
  expect(Math.abs(shown - expected)).toBeLessThan(4);

  await page.route('**/*.woff2', (route) => route.abort());
  await page.reload();
  const told = page.waitForEvent('console', (message) =>
    message.text().includes('painted in the system’s font'),
  );
  expect(await nameShown(page)).toBeGreaterThan(50);
  await told;
});

/** Records; answers the width of the first person's name while that one is alone, in pixels. */
async function nameShown(page: Page): Promise<number> {
  const seconds = 4;
  const { file, answer } = await page.evaluate((s) => recorder.record(s), seconds);
  expect(answer).toBe('ready');
  const path = join(folder, 'names.webm');
  await writeFile(path, Buffer.from(file, 'base64'));
  return captionWidth(path, seconds * 0.375);
}

test('slices come while the room goes on, not only at its end', async ({ page }) => {
  await page.goto(`${server.origin}/recorder.html`);
  const { slicesAtMs, stopAskedAtMs } = await page.evaluate(() => recorder.record(4));
  const whileGoingOn = slicesAtMs.filter((atMs) => atMs < stopAskedAtMs);
  expect(whileGoingOn.length).toBeGreaterThan(4);
});

test('what is paused is cut out, and the clock stands still meanwhile', async ({ page }) => {
  await page.goto(`${server.origin}/recorder.html`);
  const outcome = await page.evaluate(() => recorder.recordWithPause(2_000));
  expect(outcome.states).toEqual([
    ...['starting', 'recording', 'paused', 'recording', 'stopping', 'off'],
  ]);
  expect(outcome.calls).toEqual([
    ...['recording.start', 'recording.pause', 'recording.pause', 'recording.stop'],
  ]);
  expect(outcome.slicesAfterPause).toBe(outcome.slicesAtPause);
  expect(outcome.whilePaused?.take).toBe(0);
  expect(outcome.atEnd?.take).toBe(1);
  const { file, takeStartsMs } = await spliced(outcome.slices, 'paused.mkv');
  expect(Math.abs((takeStartsMs[1] ?? 0) - (outcome.whilePaused?.atMs ?? 0))).toBeLessThan(250);
  const gapsS = await longestGapsS(file);
  expect(gapsS.picture).toBeLessThan(0.5);
  expect(gapsS.sound).toBeLessThan(0.5);
});

test('whatever breaks is noticed, and the recording goes on in a new take', async ({ page }) => {
  await page.goto(`${server.origin}/recorder.html`);
  const outcome = await page.evaluate(() => recorder.recordThroughTrouble());
  const again = ['restarting', 'recording'];
  expect(outcome.states).toEqual([
    ...['starting', 'recording', ...again, ...again, ...again, 'stopping', 'off'],
  ]);
  expect(outcome.take).toBe(3);
  for (const reactionMs of outcome.reactionsMs) expect(reactionMs).toBeLessThan(3_000);
  const { file, takeStartsMs } = await spliced(outcome.slices, 'broken.mkv');
  expect(takeStartsMs).toHaveLength(4);
  const gapsS = await longestGapsS(file);
  // The picture stood still until that was noticed; the voices went on.
  expect(gapsS.picture).toBeLessThan(3);
  expect(gapsS.sound).toBeLessThan(0.5);
});

/** What main hands to ffmpeg of these slices. */
async function spliced(slices: readonly string[], name: string) {
  const splicer = new TakeSplicer();
  const file = join(folder, name);
  const parts = slices.map((slice) => splicer.push(Buffer.from(slice, 'base64')));
  await writeFile(file, Buffer.concat(parts));
  return { file, takeStartsMs: splicer.takeStartsMs };
}

/** The longest time between two pictures, and between two pieces of sound. */
async function longestGapsS(file: string) {
  const longest = async (stream: string) => {
    const times = (await packetTimes(file, stream)).map(({ timeS }) => timeS);
    return Math.max(...times.slice(1).map((timeS, index) => timeS - (times[index] ?? 0)));
  };
  return { picture: await longest('v:0'), sound: await longest('a:0') };
}

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

test('a browser that keeps the sound off refuses the recording, and nothing is left running', async ({
  page,
}) => {
  await page.addInitScript(() => {
    AudioContext.prototype.resume = () => new Promise(() => undefined);
  });
  await page.goto(`${server.origin}/recorder.html`);
  const begun = page.waitForEvent('worker');
  const refusal = page.evaluate(() =>
    recorder.recordOntoFullDisk().then(
      () => undefined,
      (error: Error) => error.message,
    ),
  );
  const compositor = await begun;
  const ended = new Promise((resolve) => compositor.once('close', resolve));
  expect(await refusal).toBe(
    'The browser keeps the sound off. Click into the page, then record again.',
  );
  await ended;
});
