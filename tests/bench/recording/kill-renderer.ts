import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../../support/browsers.ts';
import { openStudio, startRoom } from '../../support/people.ts';
import { startStudio } from '../../support/studio-process.ts';
import { openStudioRecordings } from '../../support/studio-recordings.ts';
import type { Loss } from './losses.ts';
import { playableMs } from './playable.ts';

/**
 * Records a room in the whole studio, and a `MediaRecorder` whose slices stay in its page; kills
 * every renderer of that browser. Main then finishes by itself.
 *
 * @param atMs from the recorder's start
 */
export async function killRenderer(parent: string, atMs: number): Promise<Loss[]> {
  const dir = await mkdtemp(join(parent, 'renderer-'));
  const dataDir = join(dir, 'data');
  const studio = await startStudio(dataDir);
  const browser = await launchBrowser();
  try {
    const rival = await (await browser.newContext()).newPage();
    const window = await (await browser.newContext()).newPage();
    await noteRecorderStart(window);
    await openStudio(window, studio.studioUrl, { handle: 'bench', displayName: 'Bench Host' });
    const link = await startRoom(window, { title: 'Bench', visibility: 'Public', record: true });
    const roomId = /room_[\w-]+/.exec(link)?.[0] ?? '';
    const startedAtMs = await recorderStart(window);
    const rivalStartedAtMs = await recordInMemory(rival);
    await rival.waitForFunction((endMs) => Date.now() >= endMs, startedAtMs + atMs, {
      polling: 20,
    });
    const crashed = window.waitForEvent('crash');
    await killRenderers(browser);
    const killedAtMs = Date.now();
    await crashed;
    await studio.stop();
    return [
      {
        who: 'Swarm Studio, renderer killed',
        recordedMs: killedAtMs - startedAtMs,
        keptMs: await kept(dataDir, roomId),
      },
      // Its slices were in the page that is gone, and nowhere else.
      { who: 'MediaRecorder in memory', recordedMs: killedAtMs - rivalStartedAtMs, keptMs: 0 },
    ];
  } finally {
    await browser.close();
    await studio.stop();
    await rm(dir, { recursive: true });
  }
}

/** Notes when a recorder is told to start: the first picture it takes is never older. */
async function noteRecorderStart(window: Page): Promise<void> {
  await window.addInitScript(() => {
    const start = MediaRecorder.prototype.start;
    MediaRecorder.prototype.start = function (sliceMs) {
      performance.mark('bench:recorder-asked');
      start.call(this, sliceMs);
    };
  });
}

/** When that was, in ms since the epoch. */
async function recorderStart(window: Page): Promise<number> {
  const mark = await window.waitForFunction(() => {
    const [asked] = performance.getEntriesByName('bench:recorder-asked');
    return asked && performance.timeOrigin + asked.startTime;
  });
  return Number(await mark.jsonValue());
}

/** Starts a plain recorder on a moving canvas; answers when, in ms since the epoch. */
function recordInMemory(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    setInterval(() => pen?.fillRect(Math.random() * 300, Math.random() * 150, 8, 8), 40);
    const slices: Blob[] = [];
    const recorder = new MediaRecorder(canvas.captureStream(25));
    recorder.ondataavailable = ({ data }) => slices.push(data);
    Object.assign(globalThis, { slices });
    return new Promise<number>((resolve) => {
      recorder.onstart = () => resolve(Date.now());
      recorder.start(400);
    });
  });
}

async function killRenderers(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL');
}

async function kept(dataDir: string, roomId: string): Promise<number> {
  const { recordings, close } = await openStudioRecordings(dataDir);
  const status = recordings.statusOfRoom(roomId);
  if (status?.state !== 'ready') throw new Error(status?.error ?? 'The replay is not ready.');
  const keptMs = await playableMs(join(recordings.folderOf(status.recordingId), 'index.m3u8'));
  await close();
  return keptMs;
}
