import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../support/browsers.ts';
import { inspectReplay } from '../support/inspect-replay.ts';
import { makeCamera } from '../support/media-fixtures.ts';
import {
  endRoom,
  goLive,
  joinRoom,
  openLobby,
  openStudio,
  playReplay,
  readTiles,
  recordFor,
  startRoom,
} from '../support/people.ts';
import { type StudioProcess, startStudio } from '../support/studio-process.ts';
import { DemoReport } from './report.ts';

/**
 * The studio's main job, unattended and for real: a host and guests in Chromium pages of their
 * own, with generated cameras and voices; go live, record, stop, watch the replay.
 *
 *   npm run demo [-- --json FILE --guests 2 --seconds 20 --out DIR]
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    guests: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '20' },
    out: { type: 'string', default: 'demo-output' },
  },
});
const guests = wholeNumber('guests', flags.guests, 1, 5);
const seconds = wholeNumber('seconds', flags.seconds, 5, 3600);
const out = resolve(flags.out);
/** Often enough to tell, seldom enough not to be in the way of what is measured. */
const STATUS_POLL_MS = 20;

const names = ['Ada', 'Grace', 'Linus', 'Margaret', 'Dennis'];
const title = 'Friday studio session';

const report = new DemoReport(out);
const workFolder = await mkdtemp(join(tmpdir(), 'swarm-demo-'));
const browsers: Browser[] = [];
let studio: StudioProcess | undefined;
try {
  await mkdir(out, { recursive: true });
  await main();
} catch (error) {
  report.fail(error instanceof Error ? error.message : String(error));
  const open = browsers.flatMap((browser) => browser.contexts()).flatMap((c) => c.pages());
  for (const [index, page] of open.entries()) await report.screenshot(page, `failure-${index}`);
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  const exitCode = await studio?.stop();
  if (exitCode) report.fail(`The studio ended with ${exitCode}:\n${studio?.stderr()}`);
  await rm(workFolder, { recursive: true, force: true });
}
if (flags.json) await writeFile(flags.json, `${JSON.stringify(report.toJSON(), null, 2)}\n`);
console.log(report.toText());
process.exitCode = report.ok ? 0 : 1;

async function main(): Promise<void> {
  report.say('Starting a studio on a temporary data folder');
  studio = await startStudio(join(workFolder, 'data'));
  const cameras = await Promise.all(
    Array.from({ length: guests + 1 }, (_, person) => makeCamera(workFolder, person)),
  );

  report.say('The host opens the studio and starts a room from the profile');
  const host = await person(0, 'host');
  await openStudio(host, studio.studioUrl, { handle: 'sam', displayName: 'Sam Host' });
  const link = await startRoom(host, { title, record: false });
  const roomId = /\/join\/(room_[\w-]+)/.exec(link)?.[1] ?? '';
  report.roomId = roomId;

  const guestPages: Page[] = [];
  for (let guest = 0; guest < guests; guest++) {
    const name = names[guest] ?? `Guest ${guest + 1}`;
    const page = await person(guest + 1, name);
    await openLobby(page, link, name);
    report.joinToFirstFrameMs.push(Math.round(await joinRoom(page)));
    guestPages.push(page);
    report.say(`${name} joined by the link`);
  }
  report.participants = guests + 1;
  await everybodySeesEverybody([host, ...guestPages]);

  await muteAndUnmute(guestPages[0] ?? host, host, names[0] ?? '');
  await promote(host);
  await record(host, roomId);
  await watchReplay(host, guestPages);

  async function person(index: number, label: string): Promise<Page> {
    const camera = cameras[index];
    const browser = await launchBrowser(camera && { devices: 'files', camera });
    browsers.push(browser);
    const context = await browser.newContext({
      viewport: index === 0 ? { width: 1280, height: 800 } : { width: 960, height: 640 },
      colorScheme: 'dark',
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => report.fail(`${label}'s page: ${error.message}`));
    return page;
  }
}

async function everybodySeesEverybody(pages: Page[]): Promise<void> {
  for (const page of pages) {
    await page.waitForFunction(
      (count) => document.querySelectorAll('[data-testid="tile"] video').length >= count,
      pages.length,
    );
  }
  const rooms = await Promise.all(pages.map((page) => readTiles(page)));
  for (const [viewer, tiles] of rooms.entries()) {
    const remote = tiles.filter((tile) => !tile.self);
    report.check(remote.length === pages.length - 1, `page ${viewer} shows every other person`);
    for (const tile of remote) {
      report.check(tile.framesIn2s > 0, `page ${viewer} sees ${tile.peerId} move`);
      report.check(tile.peakRms > 0.005, `page ${viewer} hears ${tile.peerId}`);
    }
  }
  report.say(`All ${pages.length} people see and hear each other`);
}

async function muteAndUnmute(guest: Page, host: Page, name: string): Promise<void> {
  const mutedOnHost = host
    .locator('[data-testid="tile"]:not([data-self="true"])[data-audio-muted="true"]')
    .first();
  await guest.getByRole('button', { name: 'Mute microphone' }).first().click();
  await mutedOnHost.waitFor();
  await guest.getByRole('button', { name: 'Unmute microphone' }).first().click();
  await mutedOnHost.waitFor({ state: 'detached' });
  report.say(`${name} muted and unmuted, and the host's roster followed`);
}

async function promote(host: Page): Promise<void> {
  await goLive(host);
  await host.getByRole('link', { name: 'Profile' }).first().click();
  const card = host.locator('[data-testid="stream-card"][data-state="live"]');
  await card.waitFor();
  report.postId = (await card.getAttribute('data-post-id')) ?? '';
  await card.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await report.screenshot(host, 'feed-live');
  report.say('The room is a live post in the feed');
}

async function record(host: Page, roomId: string): Promise<void> {
  const status = async () =>
    (await fetch(`${studio?.address}/api/streams/${roomId}/recording`)).json() as Promise<{
      state: string;
      recordingId: string;
    }>;
  await host.getByTestId('room-tray').getByRole('link', { name: title }).click();
  report.say(`Recording for ${seconds} s`);
  await recordFor(host, seconds);
  await report.screenshot(host, 'room');

  const clickedAt = await clockOfNextClick(host);
  await host.getByRole('button', { name: 'Stop recording' }).first().click();
  let current = await status();
  while (current.state === 'recording' || current.state === 'finalizing') {
    await setTimeout(STATUS_POLL_MS);
    current = await status();
  }
  report.stopToReadyMs = Date.now() - (await clickedAt());
  report.check(current.state === 'ready', `the recording is ready (it is ${current.state})`);
  report.recordingId = current.recordingId;
  report.recordedMs = await host.evaluate(() => {
    const total = (name: string) =>
      performance.getEntriesByName(name).reduce((sum, { startTime }) => sum + startTime, 0);
    // Of all takes, should a part of the recorder have been begun anew.
    return Math.round(total('swarm:recorder-stopped') - total('swarm:recorder-started'));
  });

  const replay = await inspectReplay(studio?.address ?? '', current.recordingId);
  report.replayDurationMs = replay.durationMs;
  report.sizeBytes = replay.sizeBytes;
  report.segments = replay.manifest.segments.length;
  report.hashesVerified = replay.hashesVerified;
  report.check(
    Math.abs(replay.durationMs - report.recordedMs) <= 1000,
    `the replay lasts what was recorded (${replay.durationMs} against ${report.recordedMs} ms)`,
  );
  report.check(replay.streams.video !== undefined, 'the replay has video');
  report.check(replay.streams.audio !== undefined, 'the replay has audio');
  report.check(
    replay.maxVolumeDb > -40,
    `the replay is audible (${replay.maxVolumeDb} dB at most)`,
  );
  report.check(replay.longestFreezeS < 2, `the picture moves (${replay.longestFreezeS} s still)`);
  report.say('The recording is ready and every hash holds');
}

/** Notes in the page when its next click happens, by the same clock as ours. */
async function clockOfNextClick(page: Page): Promise<() => Promise<number>> {
  const clock = await page.evaluateHandle(() => {
    const next = { at: 0 };
    const note = () => {
      next.at = Date.now();
    };
    document.addEventListener('click', note, { capture: true, once: true });
    return next;
  });
  return async () => (await clock.jsonValue()).at;
}

async function watchReplay(host: Page, guestPages: Page[]): Promise<void> {
  await endRoom(host);
  await Promise.all(
    guestPages.map((page) => page.getByText('This room has ended').first().waitFor()),
  );
  await host.getByRole('link', { name: 'Profile' }).first().click();
  const card = host.locator('[data-testid="stream-card"][data-state="ready"]');
  await card.waitFor();
  await card.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await report.screenshot(host, 'feed-replay');
  await card.getByRole('link', { name: 'Watch replay' }).click();
  const played = await playReplay(host);
  report.check(played.frames > 10, 'the replay plays in the page, and seeking works');
  await report.screenshot(host, 'replay');
  report.say('The replay plays from the feed');
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  console.error(`--${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  process.exit(2);
}
