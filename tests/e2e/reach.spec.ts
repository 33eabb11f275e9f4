import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../support/browsers.ts';
import { copyInviteLink, joinRoom, openLobby, readTiles, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

const guests: Browser[] = [];

test.afterEach(async () => {
  await Promise.all(guests.splice(0).map((browser) => browser.close()));
});

/** Somebody on another device who has accepted the browser's warning. */
async function guestElsewhere(): Promise<Page> {
  const browser = await launchBrowser();
  guests.push(browser);
  return (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
}

async function openPanel(host: Page) {
  await host.getByRole('button', { name: /^You:/ }).click();
  await host.getByRole('menuitem', { name: 'Guests on other devices' }).click();
  return host.getByRole('dialog', { name: 'Guests on other devices' });
}

test('a guest on another device joins over https and has a camera, and the code leads there', async ({
  studio,
}) => {
  const host = await studio.host();
  const local = await startRoom(host, { title: 'Across the house', record: false });
  expect(local).toMatch(/^http:\/\/127\.0\.0\.1:/);

  const panel = await openPanel(host);
  await panel.getByRole('switch', { name: 'Let guests in from other devices' }).click();
  await expect(panel.getByText('Answers here').first()).toBeVisible();
  const code = panel.getByRole('img', { name: 'QR code of the invite link' });
  const link = (await code.getAttribute('data-link')) ?? '';
  expect(link).toMatch(/^https:\/\/(?!127\.)/);
  expect(new URL(link).hash).toBe(new URL(local).hash);
  await host.keyboard.press('Escape');
  expect(await copyInviteLink(host)).toBe(link);

  const guest = await guestElsewhere();
  await openLobby(guest, link, 'Faraway Guest');
  expect(await guest.evaluate(() => isSecureContext)).toBe(true);
  await joinRoom(guest);
  await expect(host.getByText('Faraway Guest').first()).toBeVisible();
  for (const page of [guest, host]) {
    await expect
      .poll(async () => (await readTiles(page)).filter((tile) => tile.framesIn2s > 0))
      .toHaveLength(2);
  }

  // Whoever is in the room on this computer stays in it when the door closes.
  await (await openPanel(host)).getByRole('switch').click();
  await expect(panel.getByText('Answers here')).toHaveCount(0);
  await host.keyboard.press('Escape');
  await expect(host.getByTestId('room-tray')).toBeVisible();
  const late = await guestElsewhere();
  await expect(late.goto(link)).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
});

test('a guest who has not accepted the certificate is warned by the browser', async ({
  studio,
  page,
}) => {
  const host = await studio.host();
  const panel = await openPanel(host);
  await panel.getByRole('switch', { name: 'Let guests in from other devices' }).click();
  await expect(panel.getByText('Answers here').first()).toBeVisible();
  await expect(
    panel.getByRole('heading', { name: 'The warning your guests will see' }),
  ).toBeVisible();
  const address = await panel
    .getByText(/^https:\/\/\d/)
    .first()
    .innerText();
  await expect(page.goto(address)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
});
