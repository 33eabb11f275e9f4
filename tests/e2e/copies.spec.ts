import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible, expectNoSidewaysScrolling } from '../support/accessibility.ts';
import { type NodeProcess, startNode } from '../support/node-process.ts';
import { playerIs, playerNow } from '../support/people.ts';
import { seedReplay } from '../support/seeded-replay.ts';
import { expect, test } from '../support/temporary-studio.ts';

let folder = '';
let node: NodeProcess;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-copies-'));
  node = await startNode(join(folder, 'node'), ['--name', 'Choir', '--replicas', '1GB']);
});
test.afterEach(async () => {
  await node.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a replay goes on from another node’s copy when its host’s studio is gone, and is there to watch', async ({
  studio,
}) => {
  const path = await seedReplay(studio.dataFolder, 60);
  const host = await studio.host();
  await host.getByRole('link', { name: 'Recordings' }).click();
  await host.getByRole('button', { name: 'Copies' }).click();
  const dialog = host.getByRole('dialog');
  await expect(dialog).toContainText('None yet');
  await dialog.getByLabel('Another node').fill('http://127.0.0.1:9');
  await dialog.getByRole('button', { name: 'Check' }).click();
  await expect(dialog).toContainText('Nothing answers at');
  await dialog.getByLabel('Another node').fill(await node.invite());
  await dialog.getByRole('button', { name: 'Check' }).click();
  await dialog.getByRole('button', { name: 'Keep copies there' }).click();
  await expect(dialog).toContainText('1 copy there');
  await expectAccessible(host, 'copies');
  await host.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScrolling(host, 'copies in a narrow window');
  await host.keyboard.press('Escape');
  await expect(host.getByTitle('Choir: has it')).toHaveText('1 copy');

  const { address, stop } = await studio.start();
  const viewer = await studio.person();
  await viewer.goto(`${address}${path}`);
  await playerIs(viewer, 'ready');
  await viewer.getByTestId('replay-player').evaluate((video: HTMLVideoElement) => video.play());
  await host.close();
  await stop();
  await viewer
    .getByTestId('replay-player')
    .evaluate((video: HTMLVideoElement) => Object.assign(video, { currentTime: 55 }));
  await expect(viewer.getByText('this comes from')).toBeVisible();
  await expect.poll(async () => (await playerNow(viewer)).atS).toBeGreaterThan(56);

  const late = await studio.person();
  await late.goto(`${node.address}${path}`);
  await playerIs(late, 'ready');
  await expect(late.getByText('This is a copy that this node keeps')).toBeVisible();
  await expect(late.getByRole('heading', { name: 'Matinée' })).toBeVisible();
  await late.getByTestId('replay-player').evaluate((video: HTMLVideoElement) => video.play());
  await expect.poll(async () => (await playerNow(late)).frames).toBeGreaterThan(10);
});
