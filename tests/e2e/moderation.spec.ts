import type { Page } from 'playwright';
import {
  createInvite,
  enterRoom,
  goLive,
  moderatePerson,
  readTiles,
  startRoom,
} from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

function tileOf(page: Page, name: string) {
  return page.getByTestId('tile').filter({ hasText: name }).first();
}

test('a guest muted by the host is not heard, knows why, and is heard again once it is lifted', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Panel', record: false });
  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');
  await expect(tileOf(host, 'Ada').locator('video')).toBeVisible();

  await moderatePerson(host, 'Ada', 'Mute with a reason…');
  const dialog = host.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Microphone' }).click();
  await dialog.getByRole('radio', { name: 'For 15 minutes' }).click();
  await dialog.getByLabel('Reason').fill('Echo');
  await dialog.getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(tileOf(host, 'Ada')).toHaveAttribute('data-held', 'true');
  await expect(
    ada.getByText(/A moderator muted your microphone until .+: Echo\./).first(),
  ).toBeVisible();
  await ada.getByRole('button', { name: 'Microphone muted by a moderator' }).press('Enter');
  await expect(ada.getByText('You can’t switch it on yourself').first()).toBeVisible();
  const muted = (await readTiles(host)).find((tile) => !tile.self);
  expect(muted?.peakRms).toBeLessThan(0.001);
  expect(muted?.framesIn2s).toBeGreaterThan(0);

  await moderatePerson(host, 'Ada', 'Unmute microphone');
  await expect(ada.getByText('Your microphone is on again')).toBeVisible();
  await expect(ada.getByRole('button', { name: 'Mute microphone' })).toBeVisible();
  await expect(tileOf(host, 'Ada')).toHaveAttribute('data-held', 'false');
  const heard = (await readTiles(host)).find((tile) => !tile.self);
  expect(heard?.peakRms).toBeGreaterThan(0.001);
});

test('a banned guest can’t come back with a new invitation, until the ban is lifted', async ({
  studio,
}) => {
  const host = await studio.host();
  await startRoom(host, { title: 'Salon', visibility: 'Invite only', record: false });
  const ada = await studio.person();
  await enterRoom(ada, await createInvite(host, { who: 'First' }), 'Ada');

  await moderatePerson(host, 'Ada', 'Ban…');
  const dialog = host.getByRole('dialog');
  await dialog.getByRole('radio', { name: '1 hour' }).click();
  await dialog.getByLabel('Reason').fill('Spam');
  await dialog.getByRole('button', { name: 'Ban Ada' }).click();
  await expect(host.getByTestId('tile')).toHaveCount(1);
  await expect(
    ada.getByRole('heading', { name: 'You can’t come back to this room' }),
  ).toBeVisible();
  await expect(ada.getByText(/You were banned from this room until .+: Spam\./)).toBeVisible();
  await expect(ada.getByRole('link', { name: 'Go to its door' })).toHaveCount(0);

  const another = await createInvite(host, { who: 'Second', singleUse: false });
  await ada.goto(another);
  await expect(ada.getByRole('heading', { name: 'You can’t join this room' })).toBeVisible();

  await expect(host.getByTestId('banned').first()).toContainText('Ada');
  await host.getByRole('button', { name: 'Lift ban' }).first().click();
  await expect(host.getByTestId('banned')).toHaveCount(0);
  await ada.goto('about:blank');
  await enterRoom(ada, another, 'Ada');
  await expect(host.getByTestId('tile')).toHaveCount(2);
});

test('a removed guest is out at once, and can ask to be let in again', async ({ studio }) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Open stage', record: false });
  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');
  await goLive(host);

  await moderatePerson(host, 'Ada', 'Remove…');
  await host.getByRole('dialog').getByRole('button', { name: 'Remove Ada' }).click();
  await expect(host.getByTestId('tile')).toHaveCount(1);
  await expect(ada.getByRole('heading', { name: 'You are out of this room' })).toBeVisible();

  await ada.goto(new URL('/u/sam', link).href);
  await ada.getByRole('button', { name: 'Request to join' }).click();
  await ada.getByRole('button', { name: 'Join room' }).click();
  await expect(ada.getByText('A moderator took you out of this room').first()).toBeVisible();
  await ada.getByRole('button', { name: 'Ask to join' }).click();
  await host.getByRole('button', { name: 'Admit Ada' }).click();
  await expect(ada.getByTestId('room-tray')).toBeVisible();
});

test('a guest who is made a listener sees it, and the host alone can undo it', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Roles', record: false });
  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');
  await moderatePerson(host, 'Ada', 'Make listener');
  for (const page of [host, ada]) {
    const roster = page.getByRole('list', { name: 'People in the room' }).first();
    await expect(roster.getByRole('listitem').filter({ hasText: 'Ada' })).toContainText('Listener');
  }
  await expect(ada.getByRole('button', { name: /^Moderate/ })).toHaveCount(0);
});
