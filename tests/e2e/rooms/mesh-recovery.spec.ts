import { type Browser, expect, type Page, test, type WebSocketRoute } from '@playwright/test';
import { meshVideoLimit } from '../../../renderer/rooms/video-limit.ts';
import { startNode, type TestNode } from '../../integration/rendezvous/node.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { Bare } from './pages/bare.ts';
import type { Person } from './pages/person.ts';
import { UdpPaths } from './udp-paths.ts';

declare const person: Person;
declare const bare: Bare;
/** What `watchConnections` leaves in a page. */
declare const connectionsMade: () => number;
declare const cameraLimit: () => number | undefined;

let server: PageServer;
let node: TestNode;
let paths: UdpPaths;
const pages: Page[] = [];

test.beforeAll(async () => {
  server = await servePages('person', 'bare');
  node = await startNode({ allowedOrigins: [server.origin] });
});

test.beforeEach(() => {
  paths = new UdpPaths();
});

test.afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
  await paths.close();
});

test.afterAll(async () => {
  await node.close();
  await server.close();
});

test('a connection whose path dies goes on by another one, with the same tracks', async ({
  browser,
}) => {
  const [ada, grace] = await Promise.all([arrive(browser, 'ada'), arrive(browser, 'grace')]);
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  const [gracePeer = ''] = await ada.evaluate(() => person.sees(1, ['audio', 'video']));
  const [adaPeer = ''] = await grace.evaluate(() => person.sees(1, ['audio', 'video']));
  const tracks = await ada.evaluate((id) => person.trackIds(id), gracePeer);

  const lost = ada.evaluate((id) => person.loses(id), gracePeer);
  await paths.cut();
  await lost;
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));
  await grace.evaluate(() => person.sees(1, ['audio', 'video']));

  await expectMore(ada, gracePeer);
  await expectMore(grace, adaPeer);
  expect(await ada.evaluate((id) => person.trackIds(id), gracePeer)).toEqual(tracks);
  for (const page of [ada, grace]) expect(await page.evaluate(() => connectionsMade())).toBe(1);
});

test('so does one to a bare RTCPeerConnection, which has no data channel', async ({ browser }) => {
  const ada = await arrive(browser, 'ada');
  const page = await openPage(browser, 'bare');
  await page.evaluate((url) => bare.open(url), node.url);
  const roomId = await ada.evaluate(() => person.startRoom());
  await page.evaluate((id) => bare.join(id), roomId);
  const [peerId = ''] = await ada.evaluate(() => person.sees(1, ['audio', 'video']));

  const lost = ada.evaluate((id) => person.loses(id), peerId);
  await paths.cut();
  await lost;
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));

  await expectMore(ada, peerId);
  await expect.poll(() => page.evaluate(() => bare.state())).toBe('connected');
  for (const side of [ada, page]) expect(await side.evaluate(() => connectionsMade())).toBe(1);
});

test('a camera takes less of a path that loses packets, and the voice goes on', async ({
  browser,
}) => {
  const [ada, grace] = await Promise.all([arrive(browser, 'ada'), arrive(browser, 'grace')]);
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));
  const [adaPeer = ''] = await grace.evaluate(() => person.sees(1, ['audio', 'video']));
  const inFull = meshVideoLimit(1).maxBitrate;
  await expect.poll(() => ada.evaluate(() => cameraLimit())).toBe(inFull);

  await paths.loseEvery(4);
  await expect.poll(() => ada.evaluate(() => cameraLimit())).toBeLessThan(inFull);
  await expectMore(grace, adaPeer);
});

/** Media come again, of both kinds. */
async function expectMore(page: Page, peerId: string): Promise<void> {
  const before = await page.evaluate((id) => person.received(id), peerId);
  await expect
    .poll(async () => {
      const { audio, video } = await page.evaluate((id) => person.received(id), peerId);
      return audio > before.audio && video > before.video;
    })
    .toBe(true);
}

async function arrive(browser: Browser, name: string): Promise<Page> {
  const page = await openPage(browser, 'person');
  const handle = `${name}-${Date.now().toString(36)}`;
  const media = { audio: true, video: true };
  await page.evaluate((arrival) => person.arrive(arrival), { node: node.url, handle, media });
  return page;
}

async function openPage(browser: Browser, name: string): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  pages.push(page);
  await page.addInitScript(watchConnections);
  await page.routeWebSocket(/\/ws$/, reroute);
  await page.goto(`${server.origin}/${name}.html`);
  return page;
}

/** Whatever is said of addresses on this socket leads through our forwarders. */
function reroute(socket: WebSocketRoute): void {
  const upstream = socket.connectToServer();
  let inOrder = Promise.resolve();
  upstream.onMessage((message) => {
    inOrder = inOrder.then(async () => {
      const carried = await paths.carry(String(message));
      if (carried !== undefined) socket.send(carried);
    });
  });
}

function watchConnections(): void {
  const Native = globalThis.RTCPeerConnection;
  const made: RTCPeerConnection[] = [];
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.push(this);
    }
  };
  const cameraLimit = () => {
    const senders = made.flatMap((connection) => connection.getSenders());
    const camera = senders.find(({ track }) => track?.kind === 'video');
    return camera?.getParameters().encodings[0]?.maxBitrate;
  };
  Object.assign(globalThis, { connectionsMade: () => made.length, cameraLimit });
}
