import { expectAccessible } from '../support/accessibility.ts';
import {
  endRoom,
  goLive,
  playerIs,
  playerNow,
  recorderHasRun,
  startRoom,
} from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('an audience watches a room from outside, from each other, and then its replay', async ({
  studio,
}) => {
  const host = await studio.host();
  const { address } = await studio.start();
  await startRoom(host, { title: 'Open rehearsal', record: true });
  const roomId = /room_[\w-]+/.exec(host.url())?.[0];
  const first = await studio.person();
  await first.goto(`${address}/watch/${roomId}`);
  await expect(first.getByText('The host is not live yet')).toBeVisible();

  await goLive(host);
  await recorderHasRun(host, 6);
  await playerIs(first, 'ready');
  await expect.poll(async () => (await playerNow(first)).frames).toBeGreaterThan(30);
  await expect(first.getByText('1 watching')).toBeVisible();

  const second = await studio.person();
  await second.goto(`${address}/u/sam`);
  await second.getByRole('button', { name: 'Watch live' }).click();
  await playerIs(second, 'ready');
  await expect(second.getByTestId('sharing')).toHaveText(/from 1 viewer/);
  await expect
    .poll(async () => Number.parseInt(await second.getByTestId('sharing').innerText(), 10))
    .toBeGreaterThan(0);
  await expect.poll(async () => (await playerNow(second)).frames).toBeGreaterThan(30);

  await endRoom(host);
  for (const page of [first, second]) {
    await expect(page.getByText(/^Kept until/)).toBeVisible();
    await expect(page.getByText('Live', { exact: true })).toHaveCount(0);
    await playerIs(page, 'ready');
  }

  await test.step('the host gives its post a picture, and takes it back', async () => {
    const card = host.getByTestId('stream-card');
    const open = async () => {
      await card.getByRole('button', { name: 'Post options' }).click();
      await host.getByRole('menuitem', { name: 'Change picture…' }).click();
    };
    await open();
    const dialog = host.getByRole('dialog', { name: 'Change picture' });
    const field = dialog.getByLabel(/^Choose/);
    await field.setInputFiles({
      name: 'a.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from(''),
    });
    await expect(dialog.getByRole('alert')).toContainText('PNG, JPEG or WebP');
    await field.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no') });
    await expect(dialog.getByRole('alert')).toContainText('can’t be read');
    await expect(dialog.getByRole('button', { name: 'Save picture' })).toBeDisabled();
    const buffer = await first.screenshot();
    await field.setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer });
    await expectAccessible(host, 'change picture');
    await dialog.getByRole('button', { name: 'Save picture' }).click();
    await expect(dialog).toBeHidden();
    await expect(card.locator('img')).toBeVisible();
    await open();
    await dialog.getByRole('button', { name: 'Back to the automatic one' }).click();
    await expect(host.getByText('The automatic picture is back.')).toBeVisible();
  });
});
