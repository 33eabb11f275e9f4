import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../support/browsers.ts';
import { joinRoom, openLobby, openStudio, ready, startRoom } from '../support/people.ts';
import { startStudio } from '../support/studio-process.ts';
import { serveBareRoom } from './bare-room.ts';

/**
 * From a guest's click to the first remote frame on loopback, in the studio and on a bare
 * RTCPeerConnection page, interleaved in one run.
 *
 *   npm run bench:join [-- --rounds 10 --json FILE]
 */
const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, json: { type: 'string' } },
});
const rounds = Number(flags.rounds);

const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-join-'));
const bare = await serveBareRoom();
const studio = await startStudio(join(folder, 'data'));
const [hostBrowser, guestBrowser] = await Promise.all([launchBrowser(), launchBrowser()]);
try {
  const studioHost = await (await hostBrowser.newContext()).newPage();
  await openStudio(studioHost, studio.studioUrl, { handle: 'bench', displayName: 'Bench Host' });
  const link = await startRoom(studioHost, { title: 'Join benchmark', record: false });
  const bareHost = await (await hostBrowser.newContext()).newPage();
  await bareHost.goto(bare.url);
  await ready(bareHost);

  const studioMs: number[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [studioJoin, bareJoin] = [
      await joinStudio(guestBrowser, link),
      await joinBare(guestBrowser),
    ];
    if (round === 0) continue; // the first warms caches and code on both sides
    studioMs.push(studioJoin);
    bareMs.push(bareJoin);
  }
  const table = { studio: summary(studioMs), bare: summary(bareMs) };
  const ratio = table.studio.medianMs / table.bare.medianMs;
  console.table(table);
  console.log(
    `Studio against bare, medians: ${ratio.toFixed(2)} (to reach: at most 1.30). Load ${loadavg()[0]?.toFixed(2)}.`,
  );
  if (flags.json) await writeFile(flags.json, JSON.stringify({ ...table, ratio }, null, 2));
} finally {
  await Promise.all([hostBrowser.close(), guestBrowser.close()]);
  await studio.stop();
  bare.close();
  await rm(folder, { recursive: true, force: true });
}

async function joinStudio(browser: Browser, link: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // As the bare page is before its click: the socket open, the camera on.
  const prepared = socketPrepared(page);
  await openLobby(page, link, 'Bench Guest');
  await page.locator('video').first().waitFor();
  await prepared;
  const elapsed = await joinRoom(page);
  await page.getByRole('button', { name: 'Leave room' }).first().click();
  await page.getByTestId('room-tray').waitFor({ state: 'detached' });
  await context.close();
  return elapsed;
}

async function socketPrepared(page: Page): Promise<void> {
  const socket = await page.waitForEvent('websocket');
  await socket.waitForEvent('framereceived', ({ payload }) =>
    String(payload).includes('"authenticated"'),
  );
}

async function joinBare(browser: Browser): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(bare.url);
  await ready(page);
  const elapsed = await joinRoom(page);
  await context.close();
  return elapsed;
}

function summary(samples: number[]): { medianMs: number; minMs: number; maxMs: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number) => Math.round(sorted[index] ?? Number.NaN);
  return { medianMs: at(sorted.length >> 1), minMs: at(0), maxMs: at(sorted.length - 1) };
}
