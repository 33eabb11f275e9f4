import { copyInviteLink, openLobby, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('links that lead nowhere say so', async ({ studio, page }) => {
  const { address } = await studio.start();
  await page.goto(`${address}/join/room_doesnotexist01`);
  await expect(page.getByRole('heading', { name: 'There is no such room' })).toBeVisible();
  await page.goto(`${address}/join/not-a-room`);
  await expect(page.getByRole('heading', { name: 'This is not one of our links' })).toBeVisible();
  await page.goto(`${address}/some/other/page`);
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
});

test('a window without the secret of this start is turned away with an explanation', async ({
  studio,
  page,
}) => {
  const { studioUrl } = await studio.start();
  await page.goto(new URL(studioUrl).origin);
  await expect(
    page.getByRole('heading', { name: 'This page needs the address printed in the terminal' }),
  ).toBeVisible();
});

test('an invite-only room needs its invitation, and an ended one says that it is over', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, {
    title: 'Members only',
    visibility: 'Invite only',
    record: false,
  });
  const invited = await studio.person();
  await invited.goto(link);
  await expect(invited.getByRole('heading', { name: 'Members only' })).toBeVisible();
  await expect(invited.getByText('Hosted by Sam Host')).toBeVisible();

  const [withoutInvite] = link.split('#');
  const stranger = await studio.person();
  await stranger.goto(withoutInvite ?? '');
  await expect(
    stranger.getByRole('heading', { name: 'This room takes an invitation' }),
  ).toBeVisible();

  await host.getByRole('button', { name: 'End room', exact: true }).first().click();
  await host.getByRole('button', { name: 'End room for everyone' }).click();
  await host.getByTestId('room-tray').waitFor({ state: 'detached' });
  const late = await studio.person();
  await late.goto(link);
  await expect(late.getByRole('heading', { name: 'This room has ended' })).toBeVisible();
});

test('a guest without a camera, or who refuses it, is told and can join all the same', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Radio show', record: false });
  expect(await copyInviteLink(host)).toBe(link);

  const refusing = await studio.person({ devices: 'refused' });
  await openLobby(refusing, link, 'Refusing Guest');
  await expect(refusing.getByText(/blocked for this page/).first()).toBeVisible();
  await refusing.getByRole('button', { name: 'Join room' }).click();
  await expect(refusing.getByTestId('room-tray')).toBeVisible();

  const without = await studio.person({ devices: 'none' });
  await openLobby(without, link, 'Guest Without');
  await expect(without.getByText(/No (camera|microphone) was found/).first()).toBeVisible();
  await without.getByRole('button', { name: 'Join room' }).click();
  await expect(without.getByTestId('room-tray')).toBeVisible();
  await expect(host.getByText('Guest Without').first()).toBeVisible();
});

test('a second tab of the same guest takes the room over from the first, which says so', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Two tabs', record: false });
  const first = await studio.person();
  await openLobby(first, link, 'Ada');
  await first.getByRole('button', { name: 'Join room' }).click();
  await first.getByTestId('room-tray').waitFor();

  const second = await first.context().newPage();
  await openLobby(second, link, 'Ada');
  await second.getByRole('button', { name: 'Join room' }).click();
  await second.getByTestId('room-tray').waitFor();
  await expect(first.getByText('open in another tab or window of yours')).toBeVisible();
  await expect(first.getByTestId('room-tray')).toHaveCount(0);

  await first.getByRole('link', { name: 'Go on here instead' }).click();
  await first.getByRole('button', { name: 'Join room' }).click();
  await first.getByTestId('room-tray').waitFor();
  await expect(second.getByText('open in another tab or window of yours')).toBeVisible();
});
