import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import type { PeerMessage } from '../../../protocol/peer-messages.ts';
import type { Participant } from '../../../protocol/rooms.ts';
import { participant } from '../../unit/rooms/room-fixtures.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { Ciphering, Member } from './pages/member.ts';

declare const member: Member;

// Each makes the offers to those who come later in the alphabet.
const ada = participant('ada');
const lin = participant('lin');
const zoe = participant('zoe');
const EVERYBODY = [ada, lin, zoe] as const;

let server: PageServer;
let context: BrowserContext;

test.beforeAll(async () => {
  server = await servePages('member');
});

test.beforeEach(async ({ browser }) => {
  context = await browser.newContext({ permissions: ['camera', 'microphone'] });
});

test.afterEach(async () => {
  await context.close();
});

test.afterAll(async () => {
  await server.close();
});

test('members tell each other over their data channels, one or all', async () => {
  const [adasPage, linsPage, zoesPage] = await enter(EVERYBODY);
  for (const peer of [lin, zoe]) await adasPage.evaluate((id) => member.isOpenTo(id), peer.peerId);
  await linsPage.evaluate((id) => member.isOpenTo(id), ada.peerId);

  const told = { peerId: ada.peerId, message: key(1) };
  await adasPage.evaluate(({ peerId, message }) => member.tell(peerId, message), {
    peerId: lin.peerId,
    message: key(0),
  });
  await adasPage.evaluate((message) => member.tellAll(message), key(1));
  expect(await linsPage.evaluate(() => member.hears(2))).toEqual([
    { peerId: ada.peerId, message: key(0) },
    told,
  ]);
  expect(await zoesPage.evaluate(() => member.hears(1))).toEqual([told]);
});

test('what is no message of the protocol is not heard, and the rest is', async () => {
  const [adasPage, linsPage] = await enter([ada, lin]);
  await adasPage.evaluate((id) => member.isOpenTo(id), lin.peerId);
  await adasPage.evaluate(() => {
    member.sayRaw('hello');
    member.sayRaw(JSON.stringify({ type: 'frames:key', keyId: -1, secret: '' }));
    member.sayRaw(JSON.stringify({ type: 'frames:key', keyId: 1, padding: 'x'.repeat(70_000) }));
  });
  await adasPage.evaluate((message) => member.tellAll(message), key(1));
  const heard = await linsPage.evaluate(() => member.hears(1));
  expect(heard).toEqual([{ peerId: ada.peerId, message: key(1) }]);
});

test('a member without an open channel is not told, and the sender knows', async () => {
  const [adasPage] = await enter([ada]);
  expect(
    await adasPage.evaluate(({ peerId, message }) => member.tell(peerId, message), {
      peerId: lin.peerId,
      message: key(1),
    }),
  ).toBe(false);
});

test('what a moderator muted is neither seen nor heard though it is sent, until it is lifted', async () => {
  const [adasPage] = await enter([ada, lin]);
  const { peerId } = lin;
  await adasPage.mouse.click(1, 1);
  await adasPage.evaluate((id) => member.isConnectedTo(id), peerId);
  const brightness = () => adasPage.evaluate((id) => member.brightness(id), peerId);
  const loudness = () => adasPage.evaluate((id) => member.loudness(id, 2), peerId);
  await expect.poll(brightness).toBeGreaterThan(50);
  await expect.poll(loudness).toBeGreaterThan(0.01);

  await adasPage.evaluate((id) => member.silence(id, true, true), peerId);
  // Nearly black: the colour range of video is narrower than the screen's.
  await expect.poll(brightness).toBeLessThan(20);
  await expect.poll(loudness).toBe(0);

  await adasPage.evaluate((id) => member.silence(id, false, false), peerId);
  await expect.poll(brightness).toBeGreaterThan(50);
  await expect.poll(loudness).toBeGreaterThan(0.01);
});

test('who is silenced before they come is not seen when they do', async () => {
  const [adasPage] = await enter([ada]);
  await adasPage.evaluate((id) => member.silence(id, false, true), lin.peerId);
  await adasPage.evaluate((people) => member.roster(people), [ada, lin]);
  await enter([lin], [ada, lin]);
  await adasPage.evaluate((id) => member.isConnectedTo(id), lin.peerId);
  await adasPage.mouse.click(1, 1);
  const loudness = () => adasPage.evaluate((id) => member.loudness(id, 2), lin.peerId);
  await expect.poll(loudness).toBeGreaterThan(0.01);
  await expect
    .poll(() => adasPage.evaluate((id) => member.brightness(id), lin.peerId))
    .toBeLessThan(20);
});

test('somebody blocked is never connected, though the roster names them and they make offers', async () => {
  const [zoesPage] = await enter([zoe]);
  await zoesPage.evaluate((id) => member.block([id]), ada.userId);
  await zoesPage.evaluate((people) => member.roster(people), EVERYBODY);
  const [adasPage] = await enter([ada], EVERYBODY);
  await zoesPage.evaluate((id) => member.wasOffered(id), ada.peerId);
  // Lin comes later and is let in: what Ada said was dealt with by then.
  await enter([lin], EVERYBODY);
  await zoesPage.evaluate((id) => member.isConnectedTo(id), lin.peerId);
  expect(await zoesPage.evaluate(() => member.linkStates())).toEqual({ [lin.peerId]: 'connected' });
  const adas = await adasPage.evaluate(() => member.linkStates());
  expect(adas[zoe.peerId]).toBe('connecting');
});

test('somebody who is blocked later is taken down, and comes back when they are not any more', async () => {
  const [adasPage, linsPage] = await enter([ada, lin]);
  await adasPage.evaluate((id) => member.isConnectedTo(id), lin.peerId);
  await adasPage.evaluate((id) => member.block([id]), lin.userId);
  await adasPage.evaluate((id) => member.isRidOf(id), lin.peerId);
  await linsPage.evaluate((id) => member.hasFailedWith(id), ada.peerId);
  await adasPage.evaluate(() => member.block([]));
  await adasPage.evaluate((id) => member.isConnectedTo(id), lin.peerId);
});

test('each sender is protected and each receiver opened before it is connected', async () => {
  const [adasPage, linsPage] = await enter([ada, lin], [ada, lin], 'noting');
  const at = [
    { page: adasPage, peerId: lin.peerId },
    { page: linsPage, peerId: ada.peerId },
  ];
  for (const { page, peerId } of at) {
    expect(await page.evaluate(() => member.ciphers(4))).toEqual([
      `open audio of ${peerId}, in time`,
      `open video of ${peerId}, in time`,
      `protect audio for ${peerId}, in time`,
      `protect video for ${peerId}, in time`,
    ]);
  }
});

test('nothing is sent where the cipher does not take a sender', async () => {
  const [linsPage] = await enter([lin]);
  const [adasPage] = await enter([ada], [ada, lin], 'refusing');
  await linsPage.evaluate((people) => member.roster(people), [ada, lin]);
  await adasPage.evaluate((id) => member.hasFailedWith(id), lin.peerId);
  expect(await linsPage.evaluate(() => member.linkStates())).toEqual({
    [ada.peerId]: 'connecting',
  });
});

test('a path between two browsers on one machine is known not to be relayed', async () => {
  const [adasPage] = await enter([ada, lin]);
  expect(await adasPage.evaluate((id) => member.knowsThePathTo(id), lin.peerId)).toBe(false);
});

test('on another network a member looks for a new path, by the servers named last', async () => {
  const stun = createSocket('udp4').bind(0, '127.0.0.1');
  try {
    await once(stun, 'listening');
    const asked = once(stun, 'message');
    const [adasPage] = await enter([ada, lin]);
    await adasPage.evaluate((id) => member.isConnectedTo(id), lin.peerId);
    await adasPage.evaluate((port) => member.useStunAt(port), stun.address().port);
    await adasPage.evaluate(() => dispatchEvent(new Event('online')));
    const [packet] = (await asked) as [Buffer];
    // The magic cookie of every STUN message (RFC 8489, section 5).
    expect(packet.readUInt32BE(4)).toBe(0x2112a442);
    expect(await adasPage.evaluate(() => member.linkStates())).toEqual({
      [lin.peerId]: 'connected',
    });
  } finally {
    stun.close();
  }
});

function key(keyId: number): PeerMessage {
  return { type: 'frames:key', keyId, secret: 'A'.repeat(43) };
}

/** Pages for these people, each told who is in the room once all of them are there. */
async function enter<const People extends readonly Participant[]>(
  people: People,
  roster: readonly Participant[] = people,
  ciphering: Ciphering = 'none',
): Promise<{ [Place in keyof People]: Page }> {
  const pages: Page[] = [];
  for (const { peerId } of people) {
    const page = await context.newPage();
    pages.push(page);
    await page.goto(`${server.origin}/member.html`);
    await page.evaluate(([id, mode]) => member.enter(id, mode), [peerId, ciphering] as const);
  }
  for (const page of pages) await page.evaluate((who) => member.roster(who), roster);
  return pages as { [Place in keyof People]: Page };
}
