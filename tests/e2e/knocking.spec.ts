import type { Page } from 'playwright';
import { startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

/** Goes to the room without its invitation and asks to be let in. */
async function knock(page: Page, link: string, name: string): Promise<void> {
  const [door] = link.split('#');
  await page.goto(door ?? '');
  await page.getByRole('heading', { name: 'This room takes an invitation' }).waitFor();
  await page.getByLabel('Display name').fill(name);
  await page.getByRole('button', { name: 'Ask to join' }).click();
  await page.getByText('Waiting for approval').waitFor();
}

test('a knock is heard and answered, and whoever knocked goes in by themselves', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, {
    title: 'Green room',
    visibility: 'Invite only',
    record: false,
  });
  const sounds = host.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function play(when) {
          start.call(this, when);
          resolve();
        };
      }),
  );
  const ada = await studio.person();
  await ada.goto('about:blank');
  // The host is somewhere else in the studio: the knock is in the tray.
  await host.getByRole('link', { name: 'Projects' }).first().click();
  await knock(ada, link, 'Ada');
  const card = host.getByTestId('knock');
  await expect(card).toContainText('Ada');
  await sounds;
  await host.getByRole('button', { name: 'Admit Ada' }).click();
  await expect(card).toHaveCount(0);
  await expect(ada.getByTestId('room-tray')).toBeVisible();
  await expect(ada.getByRole('heading', { name: 'Green room' })).toBeVisible();
  await expect(ada.locator('[data-testid="tile"][data-self="false"] video')).toBeVisible();
});

test('a knock that is denied says so, and asking again at once is refused', async ({ studio }) => {
  const host = await studio.host();
  const link = await startRoom(host, {
    title: 'Closed set',
    visibility: 'Invite only',
    record: false,
  });
  const ada = await studio.person();
  await knock(ada, link, 'Ada');
  await host.getByRole('button', { name: 'Deny Ada' }).click();
  await expect(ada.getByRole('heading', { name: 'You were not let in' })).toBeVisible();
  await expect(host.getByTestId('knock')).toHaveCount(0);

  await ada.reload();
  await ada.getByRole('button', { name: 'Ask to join' }).click();
  await expect(ada.getByText('You can ask again in a minute')).toBeVisible();
});

test('somebody who stops waiting is not asked for any more', async ({ studio }) => {
  const host = await studio.host();
  const link = await startRoom(host, {
    title: 'Quiet room',
    visibility: 'Invite only',
    record: false,
  });
  const ada = await studio.person();
  await knock(ada, link, 'Ada');
  await expect(host.getByTestId('knock')).toHaveCount(1);
  await ada.getByRole('button', { name: 'Cancel' }).click();
  await expect(ada.getByRole('button', { name: 'Ask to join' })).toBeVisible();
  await expect(host.getByTestId('knock')).toHaveCount(0);

  await ada.getByRole('button', { name: 'Ask to join' }).click();
  await host.getByRole('button', { name: 'Admit Ada' }).click();
  await expect(ada.getByTestId('room-tray')).toBeVisible();
});
