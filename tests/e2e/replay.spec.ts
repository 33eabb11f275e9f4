import { stat } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScrolling } from '../support/accessibility.ts';
import { playerIs, playerNow } from '../support/people.ts';
import { seedReplay } from '../support/seeded-replay.ts';
import { expect, test } from '../support/temporary-studio.ts';

const atS = async (page: Page) => Math.round((await playerNow(page)).atS);

/** How wide the file is that the scrubber's preview shows a part of. */
const previewWidth = (page: Page) =>
  page
    .locator('media-time-range > media-preview-thumbnail img')
    .evaluate((image) => (image as HTMLImageElement).naturalWidth);

test('a replay is worked by the keyboard, opens at a time, and remembers where one was', async ({
  studio,
}) => {
  const path = await seedReplay(studio.dataFolder, 40);
  const { address } = await studio.start();
  const page = await studio.person();
  await page.goto(`${address}${path}&t=0m20s`);
  await playerIs(page, 'ready');
  await expect.poll(() => atS(page)).toBe(20);

  await page.keyboard.press('l');
  await expect.poll(() => atS(page)).toBe(30);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => atS(page)).toBe(25);
  await page.keyboard.press('5');
  await expect.poll(() => atS(page)).toBe(20);
  await page.keyboard.press('Home');
  await expect.poll(() => atS(page)).toBe(0);
  const video = page.getByTestId('replay-player');
  const is = (name: 'paused' | 'muted' | 'playbackRate') =>
    video.evaluate((element, key) => (element as HTMLVideoElement)[key], name);
  await page.keyboard.press('>');
  expect(await is('playbackRate')).toBe(1.25);
  await page.keyboard.press('m');
  expect(await is('muted')).toBe(true);
  await page.keyboard.press('k');
  await expect.poll(() => is('paused')).toBe(false);
  await page.keyboard.press(' ');
  await expect.poll(() => is('paused')).toBe(true);
  await page.getByRole('button', { name: 'Speed: 1.25×' }).click();
  await page.getByRole('menuitemradio', { name: 'Normal' }).click();
  expect(await is('playbackRate')).toBe(1);
  await page.getByRole('button', { name: 'Marker 1' }).click();
  await expect.poll(() => atS(page)).toBe(10);
  await page.keyboard.press('l');
  await expect.poll(() => atS(page)).toBe(20);
  await page.getByTestId('replay-player').hover();
  await page.getByRole('slider', { name: 'seek' }).hover();
  // All pictures of 40 s, one every 4 s, lie side by side in one sheet.
  await expect.poll(() => previewWidth(page)).toBe(1920);
  await expectAccessible(page, 'replay');
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScrolling(page, 'replay in a narrow window');

  await page.goto(`${address}${path}`);
  await playerIs(page, 'ready');
  await expect(page.getByText('Goes on at 0:20')).toBeVisible();
  await expect.poll(() => atS(page)).toBe(20);
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(() => atS(page)).toBe(0);
});

test('a viewer who sends flipped bits is found out, and the replay plays from elsewhere', async ({
  studio,
}) => {
  const path = await seedReplay(studio.dataFolder, 40);
  const { address } = await studio.start();
  const [evil, victim] = [await studio.person(), await studio.person()];
  await evil.addInitScript(() => {
    const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: string | Uint8Array) {
      if (typeof data !== 'string') data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
      Reflect.apply(send, this, [data]);
    } as RTCDataChannel['send'];
  });
  await evil.goto(`${address}${path}`);
  await playerIs(evil, 'ready');
  await evil.keyboard.press('k');
  // It has buffered what it can send.
  await expect
    .poll(() =>
      evil.getByTestId('replay-player').evaluate((element) => {
        const { buffered } = element as HTMLVideoElement;
        return buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
      }),
    )
    .toBeGreaterThan(25);

  await victim.goto(`${address}${path}`);
  await playerIs(victim, 'ready');
  await victim.keyboard.press('k');
  await victim.getByTestId('sharing').click();
  const figures = victim.getByRole('dialog');
  await expect(figures.getByText('Parts thrown away')).toBeVisible();
  await expect(figures).toContainText('From other viewers0 kB');
  await expect(figures).toContainText('Viewers connected0');
  await victim.keyboard.press('Escape');
  await expect.poll(async () => (await playerNow(victim)).atS).toBeGreaterThan(12);

  // Who switches it off has nothing from others and gives nothing.
  await evil.getByTestId('sharing').click();
  await evil.getByRole('switch', { name: 'Share with other viewers' }).click();
  await expect(evil.getByTestId('sharing')).toHaveText('All from the studio');
});

test('a host has a summary made, puts it into other words, takes it back, and lets viewers download', async ({
  studio,
}) => {
  const path = await seedReplay(studio.dataFolder, 14);
  const host = await studio.host();
  const { address } = await studio.start();
  await host.goto(new URL(path, host.url()).href);
  await playerIs(host, 'ready');
  await host.getByRole('button', { name: 'Make a summary' }).click();
  const summary = host.getByRole('region', { name: 'Summary' });
  await expect(summary.getByRole('button', { name: 'Marker 1' })).toBeVisible();
  await expect(summary).toContainText('Made from the chapters the host marked');
  await expectAccessible(host, 'summary');

  await summary.getByRole('button', { name: 'Edit summary' }).click();
  await summary.getByLabel('At 0:10').fill('The choir begins');
  await summary.getByRole('button', { name: 'Save summary' }).click();
  await expect(summary).toContainText('Edited by the host');
  const viewer = await studio.person();
  await viewer.goto(`${address}${path}`);
  await playerIs(viewer, 'ready');
  await viewer.getByRole('button', { name: 'The choir begins' }).click();
  await expect.poll(() => atS(viewer)).toBe(10);
  await expect(viewer.getByRole('button', { name: 'Make a summary' })).toHaveCount(0);

  await expect(viewer.getByRole('button', { name: 'Download' })).toHaveCount(0);
  await host.getByRole('button', { name: 'Allow downloads' }).click();
  await expect(host.getByRole('button', { name: 'Don’t allow downloads' })).toBeVisible();
  await viewer.reload();
  const saving = viewer.waitForEvent('download');
  await viewer.getByRole('button', { name: 'Download' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^Matinée \d{4}-\d\d-\d\d\.mp4$/);
  expect((await stat(await saved.path())).size).toBeGreaterThan(100_000);

  await summary.getByRole('button', { name: 'Transcript settings' }).click();
  const dialog = host.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'A program on this computer' }).click();
  await dialog.getByLabel('Command').fill('no-such-recogniser {input}');
  await dialog.getByRole('button', { name: 'Save and try' }).click();
  await expect(dialog.getByText(/there is no program “no-such-recogniser”/)).toBeVisible();
  await expectAccessible(host, 'settings of transcripts');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await summary.getByRole('button', { name: 'Delete summary' }).click();
  await host.getByRole('alertdialog').getByRole('button', { name: 'Delete summary' }).click();
  await expect(summary.getByRole('button', { name: 'Make a summary' })).toBeVisible();
});
