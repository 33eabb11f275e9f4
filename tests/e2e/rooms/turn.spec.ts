import { type Browser, expect, type Page, test } from '@playwright/test';
import { WebSocket } from 'ws';
import { TurnService } from '../../../main/turn/turn-service.ts';
import { startNode, type TestNode } from '../../integration/rendezvous/node.ts';
import { type Coturn, coturnProblem, startCoturn } from '../../support/coturn.ts';
import {
  hasRoute,
  launchBrowserIn,
  makeNetworks,
  namespacesProblem,
  type SeparateNetworks,
} from '../../support/network-namespaces.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { Person } from './pages/person.ts';

declare const person: Person;
/** Every connection of the page, see {@link watchConnections}. */
declare const connections: RTCPeerConnection[];

/** Heartbeats tell of the relay: one comes every 20 s. */
const HEARTBEAT_SEEN_MS = 45_000;

let server: PageServer;
const pages: Page[] = [];

test.beforeAll(async () => {
  server = await servePages('person');
});

test.afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});

test.afterAll(() => server.close());

test.describe('people whose connections must be relayed', () => {
  test.skip(coturnProblem !== undefined, coturnProblem);
  let coturn: Coturn;
  let node: TestNode;

  test.beforeAll(async () => {
    coturn = await startCoturn();
    node = await nodeWith(coturn, [`turn:${coturn.host}:${coturn.port}?transport=udp`]);
  });

  test.afterAll(async () => {
    await node.close();
    await coturn.stop();
  });

  test('see and hear each other, three of them, and coturn knows who they are', async ({
    browser,
  }) => {
    const people: Page[] = [];
    for (const name of ['ada', 'grace', 'lin']) {
      people.push(await arrive(browser, node, name, { relayOnly: true }));
    }
    const roomId = await meet(people);
    for (const page of people) expect(await travelsBy(page)).toEqual(['relay', 'relay']);
    for (const { peerId } of node.registry.participants(roomId)) {
      await expect.poll(() => coturn.log()).toContain(`${roomId}.${peerId}`);
    }
  });

  test('are shown as relayed once a heartbeat told of it', async ({ browser }) => {
    const people: Page[] = [];
    for (const name of ['ada', 'grace']) {
      people.push(await arrive(browser, node, name, { relayOnly: true }));
    }
    const roomId = await meet(people);
    await expect
      .poll(() => node.registry.participants(roomId).map(({ connection }) => connection), {
        timeout: HEARTBEAT_SEEN_MS,
      })
      .toEqual(['turn', 'turn']);
  });

  test('get to the relay over TCP where UDP is blocked', async ({ browser }) => {
    const strict = await nodeWith(coturn, [`turn:${coturn.host}:${coturn.port}?transport=tcp`]);
    const people: Page[] = [];
    for (const name of ['ada', 'grace']) {
      people.push(await arrive(browser, strict, name, { relayOnly: true }));
    }
    await meet(people);
    for (const page of people) expect(await travelsBy(page)).toEqual(['relay']);
    await strict.close();
  });

  test('where the relay is offered but not needed, nobody uses it', async ({ browser }) => {
    const people = [await arrive(browser, node, 'ada'), await arrive(browser, node, 'grace')];
    await meet(people);
    for (const page of people) expect(await travelsBy(page)).toEqual(['host']);
  });
});

const noNetworks = coturnProblem ?? namespacesProblem;

test.describe('two people in networks that only the relay connects', () => {
  test.skip(noNetworks !== undefined, noNetworks);
  let networks: SeparateNetworks;
  let coturn: Coturn;
  let node: TestNode;

  test.beforeAll(async () => {
    networks = makeNetworks(2);
    const { namespace, addresses } = networks.relay;
    coturn = await startCoturn({ namespace, addresses });
    node = await nodeWith(
      coturn,
      addresses.map((address) => `turn:${address}:${coturn.port}?transport=udp`),
    );
  });

  test.afterAll(async () => {
    await node.close();
    await coturn.stop();
    await networks.remove();
  });

  test('see and hear each other', async () => {
    const [one, other] = networks.networks;
    if (!one || !other) throw new Error('There are not two networks.');
    expect(hasRoute(one.namespace, one.relayAddress)).toBe(true);
    expect(hasRoute(one.namespace, other.address)).toBe(false);
    expect(hasRoute(other.namespace, one.address)).toBe(false);

    const browsers = [await launchBrowserIn(one.namespace), await launchBrowserIn(other.namespace)];
    const people: Page[] = [];
    for (const browser of browsers)
      people.push(await arrive(browser, node, 'ada', { cutOff: true }));
    await meet(people);
    for (const page of people) {
      // Of either end: both may send to the other's relayed address, until one pair is agreed on.
      await expect
        .poll(async () => (await pairsOf(page)).flatMap(({ near, far }) => [near, far]))
        .toContain('relay');
    }
    for (const browser of browsers) await browser.close();
    pages.length = 0;
  });
});

function nodeWith(coturn: Coturn, urls: string[]): Promise<TestNode> {
  return startNode({
    allowedOrigins: [server.origin],
    turn: (parts) =>
      new TurnService({
        ...parts,
        stunUrls: [],
        relay: { urls, secret: { current: () => coturn.secret } },
        relayedPerRoom: 6,
      }),
  });
}

/** The first opens a room and the rest come; resolves when everybody sees and hears everybody. */
async function meet([first, ...rest]: Page[]): Promise<string> {
  if (!first) throw new Error('Nobody is there.');
  const roomId = await first.evaluate(() => person.startRoom());
  for (const page of rest) await page.evaluate((id) => person.joinRoom(id), roomId);
  for (const page of [first, ...rest]) {
    const peerIds = await page.evaluate((n) => person.sees(n, ['audio', 'video']), rest.length);
    for (const peerId of peerIds) {
      await expect
        .poll(async () => {
          const { audio, video } = await page.evaluate((id) => person.received(id), peerId);
          return audio > 0 && video > 0;
        })
        .toBe(true);
    }
  }
  return roomId;
}

/**
 * Somebody in a browser context of their own, ready to enter. `relayOnly`: their network lets
 * nothing through but the relay. `cutOff`: their browser is in a network from where it reaches
 * neither page nor node, so both are brought to it.
 */
async function arrive(
  browser: Browser,
  node: TestNode,
  name: string,
  situation: { relayOnly?: boolean; cutOff?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  pages.push(page);
  const policy: RTCIceTransportPolicy = situation.relayOnly ? 'relay' : 'all';
  await page.addInitScript(watchConnections, policy);
  if (situation.cutOff) await bringTo(page);
  await page.goto(`${server.origin}/person.html`);
  const handle = `${name}-${Date.now().toString(36)}`;
  const media = { audio: true, video: true };
  await page.evaluate((arrival) => person.arrive(arrival), { node: node.url, handle, media });
  return page;
}

/** Runs in the page, before it: its connections can be looked at, and use what the policy allows. */
function watchConnections(iceTransportPolicy: RTCIceTransportPolicy): void {
  const all: RTCPeerConnection[] = [];
  class WatchedConnection extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy });
      all.push(this);
    }

    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration({ ...configuration, iceTransportPolicy });
    }
  }
  Object.assign(globalThis, { RTCPeerConnection: WatchedConnection, connections: all });
}

/** The types of both ends' candidates (RFC 8445), of each connection that stands. */
function pairsOf(page: Page): Promise<Record<'near' | 'far', string | undefined>[]> {
  return page.evaluate(async () => {
    const open = connections.filter(({ connectionState }) => connectionState === 'connected');
    return Promise.all(
      open.map(async (connection) => {
        const reports = await connection.getStats();
        const transport = [...reports.values()].find(({ type }) => type === 'transport');
        const pair = reports.get(transport?.selectedCandidatePairId);
        return {
          near: reports.get(pair?.localCandidateId)?.candidateType,
          far: reports.get(pair?.remoteCandidateId)?.candidateType,
        };
      }),
    );
  });
}

/** The type of the near end's candidate of each connection that stands. */
async function travelsBy(page: Page): Promise<(string | undefined)[]> {
  return (await pairsOf(page)).map(({ near }) => near);
}

/** Its requests and its socket go by way of this process; media can't. */
async function bringTo(page: Page): Promise<void> {
  await page.route('**', async (route) => route.fulfill({ response: await route.fetch() }));
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const upstream = new WebSocket(socket.url(), { headers: { origin: server.origin } });
    const early: (string | Buffer)[] = [];
    upstream.on('open', () => {
      for (const message of early) upstream.send(message);
    });
    upstream.on('message', (data) => socket.send(String(data)));
    upstream.on('close', (code) => void socket.close({ code: code === 1006 ? 4000 : code }));
    socket.onMessage((message) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(message);
      else early.push(message);
    });
    socket.onClose(() => upstream.close());
  });
}
