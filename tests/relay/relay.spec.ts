import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { packetTimes } from '../e2e/rooms/media-file.ts';
import type { Devices } from '../support/browsers.ts';
import { exportTracks } from '../support/export-tracks.ts';
import { inspectReplay } from '../support/inspect-replay.ts';
import { type CameraFiles, makeCamera } from '../support/media-fixtures.ts';
import { installMediaProbe, trafficOf } from '../support/media-probe.ts';
import {
  endRoom,
  enterRoom,
  goLive,
  moderatePerson,
  readTiles,
  startRoom,
} from '../support/people.ts';
import { childrenOf } from '../support/processes.ts';
import { expect, type TemporaryStudio, test } from '../support/temporary-studio.ts';
import { firstColour, makePlainCamera, tapped } from './tapped-media.ts';

interface Room {
  host: Page;
  guests: Page[];
  pages: Page[];
  link: string;
}

let folder = '';
let camera: CameraFiles;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-relay-'));
  camera = await makeCamera(folder, 0);
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** A camera that is light enough for three people on one machine. */
const equipment = (): Devices => ({ devices: 'files', camera });

/** A room with some guests, every picture of which moves for everybody. */
async function meet(
  studio: TemporaryStudio,
  names: readonly string[],
  room: Partial<Parameters<typeof startRoom>[1]> = {},
): Promise<Room> {
  const host = await studio.host(equipment());
  await installMediaProbe(host);
  await host.reload();
  const link = await startRoom(host, { title: 'Large room', record: false, ...room });
  const guests: Page[] = [];
  for (const name of names) guests.push(await comeIn(studio, link, name));
  const pages = [host, ...guests];
  await allMove(pages);
  return { host, guests, pages, link };
}

async function comeIn(studio: TemporaryStudio, link: string, name: string): Promise<Page> {
  const page = await studio.person(equipment());
  await installMediaProbe(page);
  await enterRoom(page, link, name);
  return page;
}

async function allMove(pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    const moving = async () => (await readTiles(page)).filter(({ framesIn2s }) => framesIn2s > 0);
    await expect.poll(async () => (await moving()).length).toBe(pages.length);
  }
}

/** Everybody's camera leaves over so many connections, and comes over so many. */
async function expectTraffic(pages: readonly Page[], senders: number, receivers: number) {
  for (const page of pages) {
    const traffic = async () => {
      const { videoSenders, videoReceivers } = await trafficOf(page);
      return { videoSenders, videoReceivers };
    };
    await expect
      .poll(traffic, { timeout: 30_000 })
      .toEqual({ videoSenders: senders, videoReceivers: receivers });
  }
}

async function move(host: Page, button: 'Move to the relay' | 'Go back to the mesh') {
  await host.getByRole('button', { name: button }).click();
  await host.getByRole('dialog').getByRole('button', { name: button }).click();
  await expect(host.getByRole('dialog')).toHaveCount(0);
}

test('a room that is recorded moves to the relay and back, and goes on in everything', async ({
  studio,
}) => {
  const { address } = await studio.start(['--relay']);
  const { host, guests, pages } = await meet(studio, ['Ada', 'Grace'], {
    visibility: 'Public',
    record: true,
    separateTracks: true,
  });
  const [ada] = guests as [Page];
  await goLive(host);
  await host.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  await expectTraffic(pages, 2, 2);
  const recordedFrom = Date.now();

  await move(host, 'Move to the relay');
  for (const page of pages) {
    await expect(page.getByText(/^Relayed by .*, end-to-end encrypted$/)).toBeVisible();
  }
  // One camera goes out, and all come by one connection.
  await expectTraffic(pages, 1, 1);
  await allMove(pages);
  for (const tile of await readTiles(host)) expect(tile.peakRms).toBeGreaterThan(0);

  await ada.getByRole('button', { name: 'Turn camera off' }).click();
  const herPicture = host.getByTestId('tile').filter({ hasText: 'Ada' }).locator('video');
  await expect(herPicture).toHaveAttribute('hidden');
  await ada.getByRole('button', { name: 'Turn camera on' }).click();
  await allMove(pages);

  await move(host, 'Go back to the mesh');
  await expect(ada.getByText(/^Relayed by/)).toHaveCount(0);
  await expectTraffic(pages, 2, 2);
  await allMove(pages);

  const recordedMs = Date.now() - recordedFrom;
  await endRoom(host);
  const post = async () => {
    const { posts } = await (await fetch(`${address}/api/feeds/profile/sam`)).json();
    return posts[0];
  };
  await expect.poll(async () => (await post()).recordingState).toBe('ready');
  const { recordingId } = await post();
  const replay = await inspectReplay(address, recordingId);
  expect(replay.durationMs).toBeGreaterThan(0.8 * recordedMs);
  expect(replay.maxVolumeDb).toBeGreaterThan(-40);

  await (await studio.start()).stop();
  const files = await exportTracks(studio.dataFolder, recordingId, join(folder, 'all'), 'received');
  for (const kind of ['audio', 'video']) {
    let totalS = 0;
    for (const file of files.filter((name) => name.includes(`Grace - ${kind}`))) {
      const times = await packetTimes(join(folder, 'all', file), `${kind[0]}:0`);
      totalS += (times.at(-1)?.timeS ?? 0) - (times[0]?.timeS ?? 0);
    }
    expect(totalS, kind).toBeGreaterThan((replay.durationMs / 1000) * 0.8);
  }
});

test('pictures go on when the relay’s worker is killed, and by another one after that', async ({
  studio,
}) => {
  const running = await studio.start(['--relay']);
  const { host, pages } = await meet(studio, ['Ada']);
  await move(host, 'Move to the relay');
  await expectTraffic(pages, 1, 1);
  const workers = childrenOf(running.process.pid, 'mediasoup-worker');
  expect(workers.length).toBeGreaterThan(0);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => {
      const others = childrenOf(running.process.pid, 'mediasoup-worker');
      return others.filter((pid) => !workers.includes(pid)).length;
    })
    .toBe(workers.length);
  await allMove(pages);
  await expectTraffic(pages, 1, 1);
  await expect(host.getByText(/^Relayed by/)).toBeVisible();
});

test('who comes later gets everybody by the relay, and who is removed gets nobody', async ({
  studio,
}) => {
  await studio.start(['--relay']);
  const { host, guests, link, pages } = await meet(studio, ['Ada']);
  await move(host, 'Move to the relay');
  await expectTraffic(pages, 1, 1);
  const grace = await comeIn(studio, link, 'Grace');
  await allMove([...pages, grace]);
  await expectTraffic([...pages, grace], 1, 1);
  await moderatePerson(host, 'Grace', 'Remove…');
  await host.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect.poll(async () => (await trafficOf(grace)).videoReceivers).toBe(0);
  await allMove([host, ...guests]);
});

/** What the relay gets of a camera that shows blue and a microphone that hears nothing. */
async function seenByRelay(studio: TemporaryStudio, isEncrypted: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-relay-tap-'));
  try {
    const plain = await makePlainCamera(folder, '0x2060c0');
    const tap = join(import.meta.dirname, 'relay-tap.ts');
    await studio.start(['--relay'], {
      SWARM_RELAY_TAP: folder,
      NODE_OPTIONS: `--import=${tap}`,
    });
    const host = await studio.host({ devices: 'files', camera: plain });
    if (!isEncrypted) {
      await host.addInitScript(() => {
        Object.defineProperty(RTCRtpSender.prototype, 'transform', { set: () => undefined });
      });
      await host.reload();
    }
    await startRoom(host, { title: 'Tapped', record: false });
    await move(host, 'Move to the relay');
    const longest = async (kind: 'audio' | 'video') => (await tapped(folder, kind))[0]?.length ?? 0;
    await expect.poll(() => longest('video')).toBeGreaterThan(60);
    await expect.poll(() => longest('audio')).toBeGreaterThan(5);
    const [video = []] = await tapped(folder, 'video');
    const [audio = []] = await tapped(folder, 'audio');
    return { colour: await firstColour(video, folder), audio };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('the relay sees no picture and hears no silence', async ({ studio }) => {
  const { colour, audio } = await seenByRelay(studio, true);
  expect(distance(colour, BLUE)).toBeGreaterThan(60);
  expect(repeats(audio)).toBe(0);
});

test('it would, if browsers did not encrypt: the look through it is a real one', async ({
  studio,
}) => {
  const { colour, audio } = await seenByRelay(studio, false);
  expect(distance(colour, BLUE)).toBeLessThan(20);
  expect(repeats(audio)).toBeGreaterThan(0);
});

const BLUE = [0x20, 0x60, 0xc0] as const;

/** How far two colours are apart, 0 to 442. */
function distance(colour: readonly number[] | undefined, from: readonly number[]): number {
  if (!colour) return Number.POSITIVE_INFINITY;
  return Math.hypot(...from.map((value, index) => value - (colour[index] ?? 0)));
}

/** Packets that are the same as another one: silence is, before it is encrypted. */
function repeats(packets: readonly { payload: Buffer }[]): number {
  return packets.length - new Set(packets.map(({ payload }) => payload.toString('hex'))).size;
}
