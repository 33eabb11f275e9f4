import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type NodeProcess, startNode } from '../support/node-process.ts';
import { enterRoom, moderatePerson, openStudio, readTiles, startRoom } from '../support/people.ts';
import { type StudioProcess, startStudio } from '../support/studio-process.ts';
import { expect, test } from '../support/temporary-studio.ts';

let folder = '';
let node: NodeProcess;
let visitor: StudioProcess | undefined;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-node-'));
  node = await startNode(join(folder, 'node'), ['--name', 'Choir']);
});
test.afterEach(async () => {
  await visitor?.stop();
  await node.stop();
  await rm(folder, { recursive: true, force: true });
});

async function openMenu(page: Page, item: string | RegExp) {
  await page.getByRole('button', { name: /^You:/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
  return page.getByRole('dialog');
}

function movingTiles(page: Page) {
  return expect.poll(async () => (await readTiles(page)).filter((tile) => tile.framesIn2s > 0));
}

test('rooms live on the community’s node that a studio has as its home, and guests and other studios come there', async ({
  studio,
}) => {
  const host = await studio.host();
  const home = await openMenu(host, 'Home: This computer');
  await home.getByLabel('Invitation to another node').fill(`${node.address}/nowhere#token=short`);
  await home.getByRole('button', { name: 'Check' }).click();
  await expect(home.getByText('The invitation is not whole.')).toBeVisible();
  await home.getByLabel('Invitation to another node').fill(await node.invite());
  await home.getByRole('button', { name: 'Check' }).click();
  await expect(home.getByText(node.address, { exact: false })).toBeVisible();
  await home.getByRole('button', { name: 'Make it my home' }).click();
  await expect(host.getByText('Rooms on Choir')).toBeVisible();

  const link = await startRoom(host, { title: 'Rehearsal', record: false });
  expect(link.startsWith(`${node.address}/join/room_`)).toBe(true);
  const guest = await studio.person();
  await enterRoom(guest, link, 'Gwen Guest');
  for (const page of [host, guest]) await movingTiles(page).toHaveLength(2);
  const recording = host.getByRole('button', { name: 'Start recording' });
  await expect(recording).toBeDisabled();
  await expect(recording).toHaveAttribute('title', /have your rooms on this computer/);

  // Another studio, whose owner goes by the same handle at home, comes by the same link.
  visitor = await startStudio(join(folder, 'visitor'));
  const bea = await studio.person();
  await openStudio(bea, visitor.studioUrl, { handle: 'sam', displayName: 'Bea Visitor' });
  const joining = await openMenu(bea, 'Join by link');
  await joining.getByLabel('Invite link').fill(link);
  await joining.getByRole('button', { name: 'Go to the room' }).click();
  await expect(bea.getByText('You are visiting Choir')).toBeVisible();
  await expect(bea.getByText(/^@sam-[a-z0-9]{6}$/)).toBeVisible();
  await bea.getByRole('button', { name: 'Join room' }).click();
  await movingTiles(bea).toHaveLength(3);
  await expect(host.getByText('Bea Visitor').first()).toBeVisible();

  // The host moderates there as anywhere.
  await moderatePerson(host, 'Gwen Guest', 'Remove…');
  await host.getByRole('dialog').getByRole('button', { name: 'Remove Gwen Guest' }).click();
  await expect(guest.getByRole('heading', { name: 'You are out of this room' })).toBeVisible();
  await movingTiles(bea).toHaveLength(2);
  await bea.getByRole('button', { name: 'Leave room' }).first().click();
  await bea.getByRole('button', { name: 'Back to my studio' }).click();
  await expect(bea.getByRole('button', { name: 'Start live room' })).toBeVisible();
  await expect(bea.getByText('You are visiting')).toHaveCount(0);

  // A home that is down at the start is said to be, and there is a way on.
  await node.stop();
  await host.reload();
  await expect(host.getByRole('heading', { name: /Choir, can’t be used now/ })).toBeVisible();
  await host.getByRole('button', { name: 'Try again' }).click();
  await expect(host.getByText('the node may be stopped')).toBeVisible();
  await host.getByRole('button', { name: 'Use this computer' }).click();
  await expect(host.getByRole('button', { name: 'Start live room' })).toBeVisible();
  await expect(host.getByText('Rooms on Choir')).toHaveCount(0);
});
