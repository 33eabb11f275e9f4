import { writeFile } from 'node:fs/promises';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { startNode, type TestNode } from '../../integration/rendezvous/node.ts';
import { distinctPictures, loudnessDb } from './media-file.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { Person } from './pages/person.ts';

declare const person: Person;

let server: PageServer;
let node: TestNode;
let page: Page;

test.beforeAll(async () => {
  server = await servePages('person');
  node = await startNode({ allowedOrigins: [server.origin] });
});

test.afterEach(() => page.context().close());

test.afterAll(async () => {
  await node.close();
  await server.close();
});

test('the host switches the recording on and off', async ({ browser }) => {
  const roomId = await hostARoom(browser, { studio: true });
  await startRecording(roomId);
  await page.evaluate(() => person.setRecording(false));
  await page.evaluate(() => person.recorderIs('off'));
  const { calls, slices } = await page.evaluate(() => person.mainHeard());
  expect(recordingCalls(calls)).toEqual(['recording.start', 'recording.stop']);
  expect(slices).toBeGreaterThan(0);
});

test('a recording is finished before the room is ended', async ({ browser }) => {
  const roomId = await hostARoom(browser, { studio: true });
  await startRecording(roomId);
  await page.evaluate(() => person.end());
  const { calls } = await page.evaluate(() => person.mainHeard());
  expect(recordingCalls(calls)).toEqual(['recording.start', 'recording.stop']);
  expect((await page.evaluate(() => person.state())).phase).toBe('ended');
});

test('a recording is finished when the node ends the room', async ({ browser }) => {
  const roomId = await hostARoom(browser, { studio: true });
  await startRecording(roomId);
  node.registry.end(roomId, 'node-stopping');
  await page.evaluate(() => person.recorderIs('off'));
  const { calls } = await page.evaluate(() => person.mainHeard());
  expect(recordingCalls(calls)).toEqual(['recording.start', 'recording.stop']);
});

test('a guest’s voice and picture are in the recording while the host is muted', async ({
  browser,
}, info) => {
  const roomId = await hostARoom(browser, { studio: true });
  await page.evaluate(() => person.setMuted('audio', true));
  const guest = await arrive(browser, 'guest', { studio: false });
  await guest.evaluate((id) => person.joinRoom(id), roomId);
  await page.evaluate(() => person.sees(1, ['audio', 'video']));
  await startRecording(roomId);
  await expect
    .poll(async () => (await page.evaluate(() => person.mainHeard())).slices)
    .toBeGreaterThan(6);
  await page.evaluate(() => person.end());
  const file = info.outputPath('room.webm');
  await writeFile(file, Buffer.from(await page.evaluate(() => person.recordedFile()), 'base64'));
  await guest.context().close();
  expect(await loudnessDb(file)).toBeGreaterThan(-50);
  expect(await distinctPictures(file)).toBeGreaterThan(10);
});

test('a page without the studio behind it is told that it can not record', async ({ browser }) => {
  await hostARoom(browser, { studio: false });
  await expect(page.evaluate(() => person.setRecording(true))).rejects.toThrow(
    /Only the studio’s own window can record/,
  );
});

async function hostARoom(browser: Browser, { studio }: { studio: boolean }): Promise<string> {
  page = await arrive(browser, 'host', { studio });
  return page.evaluate(() => person.startRoom());
}

async function arrive(
  browser: Browser,
  name: string,
  { studio }: { studio: boolean },
): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const arrived = await context.newPage();
  await arrived.goto(`${server.origin}/person.html`);
  // Handles belong to keys, and every test has new ones.
  const handle = `${name}-${Date.now().toString(36)}`;
  const media = { audio: true, video: true };
  await arrived.evaluate((a) => person.arrive(a), { node: node.url, handle, media, studio });
  return arrived;
}

/** As the studio does: the room is `recording` once main has the first slice. */
async function startRecording(roomId: string): Promise<void> {
  await page.evaluate(() => person.setRecording(true));
  await page.evaluate(() => person.recorderIs('recording'));
  await expect.poll(async () => (await page.evaluate(() => person.mainHeard())).slices).not.toBe(0);
  node.registry.setRecording(roomId, 'recording', { recordingId: 'rec_0123456789abcdef' });
}

function recordingCalls(calls: readonly string[]): string[] {
  return calls.filter((call) => call.startsWith('recording.'));
}
