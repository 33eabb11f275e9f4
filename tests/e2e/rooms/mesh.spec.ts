import { type Browser, expect, type Page, test, type WebSocketRoute } from '@playwright/test';
import { startNode, type TestNode } from '../../integration/rendezvous/node.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { Bare } from './pages/bare.ts';
import type { Arrival, Person } from './pages/person.ts';

declare const person: Person;
declare const bare: Bare;

const BOTH = { audio: true, video: true } as const;

let server: PageServer;
let node: TestNode;
const pages: Page[] = [];

test.beforeAll(async () => {
  server = await servePages('person', 'bare');
  node = await startNode({ allowedOrigins: [server.origin] });
});

test.beforeEach(() => {
  // It stands still by itself, and pages date what they sign by theirs.
  node.clock.nowMs = Date.now();
});

test.afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});

test.afterAll(async () => {
  await node.close();
  await server.close();
});

test('three people see and hear each other', async ({ browser }) => {
  const [ada, grace, lin] = await Promise.all([
    arrive(browser, 'ada'),
    arrive(browser, 'grace'),
    arrive(browser, 'lin'),
  ]);
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  await lin.evaluate((id) => person.joinRoom(id), roomId);
  for (const page of [ada, grace, lin]) {
    const others = await page.evaluate(() => person.sees(2, ['audio', 'video']));
    for (const peerId of others) {
      await expect
        .poll(async () => {
          const { audio, video } = await page.evaluate((id) => person.received(id), peerId);
          return audio > 0 && video > 0;
        })
        .toBe(true);
    }
  }
});

test('somebody without camera and microphone sees the others, and is seen once they have one', async ({
  browser,
}) => {
  const ada = await arrive(browser, 'ada');
  const grace = await arrive(browser, 'grace', { audio: false, video: false });
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  await grace.evaluate(() => person.sees(1, ['audio', 'video']));
  expect((await grace.evaluate(() => person.state())).muted).toEqual({ audio: true, video: true });
  await grace.evaluate(() => person.showCamera());
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));
});

test('a camera is sent in full once the connection stands', async ({ browser }) => {
  const { ada } = await twoInARoom(browser);
  const [peerId = ''] = await ada.evaluate(() => person.sees(1, ['video']));
  await expect.poll(() => ada.evaluate((id) => person.frameHeight(id), peerId)).toBe(480);
});

test('a mute is seen by the others and taken back by unmuting', async ({ browser }) => {
  const { ada, grace } = await twoInARoom(browser);
  const peerId = (await grace.evaluate(() => person.state())).peerId ?? '';
  await grace.evaluate(() => person.setMuted('audio', true));
  await ada.evaluate((id) => person.seesMuted(id, 'audio', true), peerId);
  await grace.evaluate(() => person.setMuted('audio', false));
  await ada.evaluate((id) => person.seesMuted(id, 'audio', false), peerId);
});

test('a guest who leaves is gone, and is seen again after coming back', async ({ browser }) => {
  const { ada, grace, roomId } = await twoInARoom(browser);
  await grace.evaluate(() => person.leave());
  await ada.evaluate(() => person.isAlone());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));
  await grace.evaluate(() => person.sees(1, ['audio', 'video']));
});

test('a page that is closed leaves the room at once', async ({ browser }) => {
  const { ada, grace } = await twoInARoom(browser);
  await grace.goto('about:blank');
  await ada.evaluate(() => person.isAlone());
});

test('a lost socket is made anew while the pictures go on', async ({ browser }) => {
  const ada = await arrive(browser, 'ada');
  const sockets: WebSocketRoute[] = [];
  const grace = await arrive(browser, 'grace', BOTH, (socket) => {
    sockets.push(socket);
    socket.connectToServer();
  });
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  const [adaPeer = ''] = await grace.evaluate(() => person.sees(1, ['audio', 'video']));
  const before = await grace.evaluate(() => person.state());

  await sockets[0]?.close({ code: 4000 });
  await grace.evaluate(() => person.signallingIs('retrying'));
  expect((await grace.evaluate(() => person.state())).links[adaPeer]).toBe('connected');
  await grace.evaluate(() => person.signallingIs('online'));
  expect(await grace.evaluate(() => person.state())).toEqual(before);
  expect(sockets.length).toBe(2);
});

test('a mute and its lift reach the microphone they are about while the node is away', async ({
  browser,
}) => {
  const sockets: WebSocketRoute[] = [];
  let away = false;
  const between = (socket: WebSocketRoute) => {
    if (away) return void socket.close();
    sockets.push(socket);
    socket.connectToServer();
  };
  const ada = await arrive(browser, 'ada', BOTH, between);
  const grace = await arrive(browser, 'grace', BOTH, between);
  const roomId = await ada.evaluate(() => person.startRoom());
  const gracesPeer = (await grace.evaluate((id) => person.joinRoom(id), roomId)) ?? '';
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));

  away = true;
  for (const page of [ada, grace]) await page.route('**/api/**', (route) => route.abort());
  await Promise.all(sockets.splice(0).map((socket) => socket.close({ code: 4000 })));
  await grace.evaluate(() => person.signallingIs('retrying'));
  await ada.evaluate((id) => person.moderateMicrophone(id, 'mute'), gracesPeer);
  expect(await grace.evaluate(() => person.microphoneIs(false))).toBe(true);
  await ada.evaluate((id) => person.moderateMicrophone(id, 'unmute'), gracesPeer);
  expect(await grace.evaluate(() => person.microphoneIs(true))).toBe(true);
  await ada.evaluate(() => person.actsOnTheirWay(2));
  expect(node.registry.moderation.log(roomId)).toEqual([]);

  away = false;
  for (const page of [ada, grace]) await page.unroute('**/api/**');
  await ada.evaluate(() => person.actsOnTheirWay(0));
  const log = node.registry.moderation.log(roomId);
  expect(log.map(({ action }) => action)).toEqual(['mute', 'unmute']);
  await grace.evaluate(() => person.signallingIs('online'));
  expect(await grace.evaluate(() => person.microphoneIs(true))).toBe(true);
});

test('a client on a bare RTCPeerConnection takes part, and is had back after it breaks off', async ({
  browser,
}) => {
  const ada = await arrive(browser, 'ada');
  const page = await openPage(browser, 'bare');
  await page.evaluate((url) => bare.open(url), node.url);
  const roomId = await ada.evaluate(() => person.startRoom());
  await page.evaluate((id) => bare.join(id), roomId);
  const [peerId = ''] = await ada.evaluate(() => person.sees(1, ['audio', 'video']));
  expect(await page.evaluate(() => bare.tracks())).toEqual(['audio', 'video']);

  const lost = ada.evaluate((id) => person.loses(id), peerId);
  await page.evaluate(() => bare.drop());
  await lost;
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));
});

test('a node that swaps the DTLS fingerprint gets no media, and the person is told', async ({
  browser,
}) => {
  const ada = await arrive(browser, 'ada');
  const grace = await arrive(browser, 'grace', BOTH, (socket) => {
    const upstream = socket.connectToServer();
    upstream.onMessage((message) => socket.send(swapFingerprint(String(message))));
  });
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  const { participants, peerId } = await grace.evaluate(() => person.state());
  const adaPeer = participants.find((id) => id !== peerId) ?? '';
  expect(await grace.evaluate((id) => person.problemWith(id), adaPeer)).toMatch(
    /not signed by their own key/,
  );
  expect((await grace.evaluate(() => person.state())).links[adaPeer]).not.toBe('connected');
});

async function twoInARoom(browser: Browser) {
  const ada = await arrive(browser, 'ada');
  const grace = await arrive(browser, 'grace');
  const roomId = await ada.evaluate(() => person.startRoom());
  await grace.evaluate((id) => person.joinRoom(id), roomId);
  await ada.evaluate(() => person.sees(1, ['audio', 'video']));
  await grace.evaluate(() => person.sees(1, ['audio', 'video']));
  return { ada, grace, roomId };
}

/** Somebody in a browser of their own, ready to enter; `between` sits on their socket. */
async function arrive(
  browser: Browser,
  name: string,
  media: Arrival['media'] = BOTH,
  between?: (socket: WebSocketRoute) => void,
): Promise<Page> {
  const page = await openPage(browser, 'person', between);
  // Handles belong to keys, and every test has new ones.
  const handle = `${name}-${Date.now().toString(36)}`;
  await page.evaluate((arrival) => person.arrive(arrival), { node: node.url, handle, media });
  return page;
}

async function openPage(
  browser: Browser,
  name: string,
  between?: (socket: WebSocketRoute) => void,
): Promise<Page> {
  const page = await (
    await browser.newContext({ permissions: ['camera', 'microphone'] })
  ).newPage();
  pages.push(page);
  if (between) await page.routeWebSocket(/\/ws$/, between);
  await page.goto(`${server.origin}/${name}.html`);
  return page;
}

function swapFingerprint(message: string): string {
  return message.replace(/(a=fingerprint:sha-256 )([0-9A-F]{2})/g, (_line, name, first) =>
    first === 'AA' ? `${name}BB` : `${name}AA`,
  );
}
