import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, errors, type Page } from 'playwright';
import { hasWorker, WORKER_MISSING } from '../relay/worker-program.ts';
import { type Devices, launchBrowser } from '../support/browsers.ts';
import { makeTestCamera } from '../support/media-fixtures.ts';
import {
  installMediaProbe,
  type Traffic,
  takeLongestStandstill,
  trafficOf,
} from '../support/media-probe.ts';
import { endRoom, openLobby, startRoom } from '../support/people.ts';
import { childrenOf, processTicks, TICKS_PER_SECOND } from '../support/processes.ts';
import { type StudioProcess, startStudio } from '../support/studio-process.ts';
import { table } from './figures.ts';
import { openBenchHost } from './mesh/bench-host.ts';
import { browserCores } from './mesh/browser-processes.ts';

/**
 * The same room on its mesh, on the node's relay, and on its mesh again: what each person sends,
 * what it costs them and the node, how long a newcomer waits for the last first picture, and how
 * long pictures stand still while the room moves.
 *
 * One machine that has to be all of these people carries few: a room of ten comes together with
 * small cameras and no microphones, with `--peers 10 --camera 160x90@5 --silent`.
 *
 *   npm run bench:relay [-- --peers 3,6,10 --camera WIDTHxHEIGHT@RATE --silent --json FILE]
 */
const { values: flags } = parseArgs({
  options: {
    peers: { type: 'string', default: '3,6,10' },
    camera: { type: 'string', default: '320x180@15' },
    silent: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

/** Long enough for a steady figure. */
const CPU_OVER_MS = 8_000;
/** More people than so many come when the room is relayed already, as they would. */
const FEW = 6;
/** On a machine that carries all of them. */
const PATIENCE_MS = 300_000;
/** A sender finds out what its path carries, and its picture grows, for some seconds. */
const SETTLES_MS = 10_000;

interface Figures {
  room: string;
  uplinkKbps: number;
  /** Of the machine's processor, in cores, for each page. */
  coresPerPage: number;
  /** Of the relay's worker, for each track that it forwards to somebody, in per mille of a core. */
  permillePerConsumer: number | undefined;
  firstPicturesMs: number | undefined;
  /** The longest that a picture stood still while the room moved here. */
  standstillMs: number | undefined;
  /** The same over as long a time before that, with nothing going on. */
  standstillBeforeMs: number | undefined;
  load: number;
}

if (!(await hasWorker())) {
  console.log(`Nothing was measured. ${WORKER_MISSING}`);
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-relay-'));
const devices: Devices = { devices: 'files', camera: await makeTestCamera(folder, flags.camera) };
const studio = await startStudio(join(folder, 'data'), ['--relay']);
try {
  const results: Figures[] = [];
  for (const peers of flags.peers.split(',').map(Number)) {
    const browser = await launchBrowser(devices, { plays: !flags.silent });
    try {
      results.push(...(await measureRoom(browser, peers)));
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      console.log(`This machine does not carry ${peers} people:\n${error.message}`);
    } finally {
      await browser.close();
    }
    console.log(`${table(rowsOf(results))}\n`);
  }
  if (flags.json) await writeFile(flags.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await studio.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measureRoom(browser: Browser, peers: number): Promise<Figures[]> {
  const host = await openPage(browser);
  await openBenchHost(host, studio.studioUrl);
  const link = await startRoom(host, { title: `Room of ${peers}`, record: false });
  const pages = [host];
  if (peers > FEW) return measureLargeRoom(browser, pages, link, peers);
  while (pages.length < peers - 1) pages.push((await arrive(browser, link, pages.length)).page);

  const inMesh = await arrive(browser, link, pages.length);
  await settled([...pages, inMesh.page], peers - 1);
  const mesh = await measure([...pages, inMesh.page], { room: `${peers} people, mesh` });
  await inMesh.page.context().close();

  // As many as before, with the last one coming when the room is relayed.
  const toRelay = await move(pages, 'Move to the relay', 1);
  const inRelay = await arrive(browser, link, pages.length);
  const all = [...pages, inRelay.page];
  await settled(all, 1);
  const relay = await measure(all, { room: `${peers} people, relay` });
  const back = await move(all, 'Go back to the mesh', peers - 1);
  await endRoom(host);
  return [
    { ...mesh, ...back, firstPicturesMs: inMesh.firstPicturesMs },
    { ...relay, ...toRelay, firstPicturesMs: inRelay.firstPicturesMs },
  ];
}

async function measureLargeRoom(
  browser: Browser,
  pages: Page[],
  link: string,
  peers: number,
): Promise<Figures[]> {
  await turn(pages, 'Move to the relay');
  let firstPicturesMs = Number.NaN;
  while (pages.length < peers) {
    const arrived = await arrive(browser, link, pages.length);
    pages.push(arrived.page);
    firstPicturesMs = arrived.firstPicturesMs;
    console.log(`${pages.length} people are there; the last one after ${firstPicturesMs} ms.`);
  }
  await settled(pages, 1);
  const relay = await measure(pages, { room: `${peers} people, relay` });
  const back = await move(pages, 'Go back to the mesh', peers - 1);
  const mesh = await measure(pages, { room: `${peers} people, mesh` });
  return [
    { ...relay, firstPicturesMs, standstillMs: undefined, standstillBeforeMs: undefined },
    { ...mesh, ...back, firstPicturesMs: undefined },
  ];
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 960, height: 640 } });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  if (flags.silent) await page.addInitScript(takeMicrophoneAway);
  await installMediaProbe(page);
  return page;
}

/** Somebody comes; answers how long until the picture of everybody who is there was shown. */
async function arrive(browser: Browser, link: string, others: number) {
  const page = await openPage(browser);
  await openLobby(page, link, `Guest ${others}`);
  await page.locator('video').first().waitFor();
  const clickedAt = Date.now();
  await page.getByRole('button', { name: 'Join room' }).click();
  await page.waitForFunction((count) => (window.picturesShown ?? 0) >= count, others);
  return { page, firstPicturesMs: Date.now() - clickedAt };
}

/** Waits until everybody sends a camera over so many connections. */
async function settled(pages: readonly Page[], connections: number): Promise<void> {
  for (let round = 0; round < 60; round++) {
    const traffic = await Promise.all(pages.map(trafficOf));
    if (traffic.every(({ videoSenders }) => videoSenders === connections)) return;
  }
  throw new Error(`The room did not come to ${connections} connections with a camera each.`);
}

async function move(
  pages: readonly Page[],
  button: 'Move to the relay' | 'Go back to the mesh',
  connections: number,
): Promise<Pick<Figures, 'standstillMs' | 'standstillBeforeMs'>> {
  await longestStandstill(pages);
  const startedAt = Date.now();
  const quietMs = SETTLES_MS;
  await delay(quietMs);
  const standstillBeforeMs = await longestStandstill(pages);
  await turn(pages, button);
  await settled(pages, connections);
  await delay(Math.max(0, startedAt + 2 * quietMs - Date.now()));
  return { standstillBeforeMs, standstillMs: await longestStandstill(pages) };
}

async function turn(
  [host]: readonly Page[],
  button: 'Move to the relay' | 'Go back to the mesh',
): Promise<void> {
  await host?.getByRole('button', { name: button }).click();
  await host?.getByRole('dialog').getByRole('button', { name: button }).click();
}

async function longestStandstill(pages: readonly Page[]): Promise<number> {
  return Math.max(...(await Promise.all(pages.map(takeLongestStandstill))));
}

async function measure(
  pages: readonly Page[],
  { room }: { room: string },
): Promise<Omit<Figures, 'firstPicturesMs' | 'standstillMs' | 'standstillBeforeMs'>> {
  await delay(SETTLES_MS);
  const load = loadavg()[0] ?? Number.NaN;
  const traffic: Traffic[] = await Promise.all(pages.map(trafficOf));
  const before = workerTicks(studio);
  const startedAt = performance.now();
  const cores = await browserCores(CPU_OVER_MS);
  const passedS = (performance.now() - startedAt) / 1000;
  const workerCores = (workerTicks(studio) - before) / TICKS_PER_SECOND / passedS;
  // Sound and picture of everybody for everybody else.
  const consumers = (flags.silent ? 1 : 2) * pages.length * (pages.length - 1);
  return {
    room,
    uplinkKbps: average(traffic.map(({ uplinkBps }) => uplinkBps)) / 1000,
    coresPerPage: cores / pages.length,
    permillePerConsumer: room.endsWith('relay') ? (1000 * workerCores) / consumers : undefined,
    load,
  };
}

/** In the page: there is none. */
function takeMicrophoneAway(): void {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    if (wanted?.audio) throw new DOMException('There is no microphone.', 'NotFoundError');
    return open(wanted);
  };
}

function workerTicks({ process: { pid } }: StudioProcess): number {
  return childrenOf(pid, 'mediasoup-worker')
    .map(processTicks)
    .reduce((sum, ticks) => sum + ticks, 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rowsOf(results: readonly Figures[]): string[][] {
  const ms = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0));
  return [
    [
      '',
      'uplink kbit/s',
      'cores a page',
      'worker ‰ of a core a track',
      'newcomer’s last first picture ms',
      'longest standstill while moving here ms',
      'just before ms',
      'load',
    ],
    ...results.map((result) => [
      result.room,
      result.uplinkKbps.toFixed(0),
      result.coresPerPage.toFixed(2),
      result.permillePerConsumer?.toFixed(2) ?? '',
      ms(result.firstPicturesMs),
      ms(result.standstillMs),
      ms(result.standstillBeforeMs),
      result.load.toFixed(1),
    ]),
  ];
}
