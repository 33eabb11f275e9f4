import { expectAccessible } from '../support/accessibility.ts';
import {
  endRoom,
  joinRoom,
  openLobby,
  playerIs,
  recorderHasRun,
  startRoom,
} from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('people write to each other without the node, and the host keeps it with the recording', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Evening talk', record: true });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada');
  await joinRoom(guest);
  await host.getByRole('button', { name: 'Chat', exact: true }).click();
  await host.getByRole('switch', { name: 'Keep the chat with the recording' }).click();
  await recorderHasRun(host, 2);

  await guest.getByRole('button', { name: /^Chat/ }).click();
  await expect(guest.getByText('The host keeps this chat with the recording.')).toBeVisible();
  await guest
    .getByRole('textbox', { name: 'Message' })
    .fill('Look at https://example.org/lamps and 0:01');
  await guest.keyboard.press('Enter');
  const said = host.getByRole('log', { name: 'Messages' });
  await expect(said).toContainText('Ada');
  await expect(said.getByRole('link', { name: 'example.org/lamps' })).toBeVisible();
  await guest.getByRole('textbox', { name: 'Message' }).fill('<img src=x onerror=alert(1)>');
  await guest.keyboard.press('Enter');
  await expect(said).toContainText('<img src=x');
  await host.getByRole('button', { name: 'Take away what Ada said' }).last().click();
  await expect(guest.getByRole('log')).not.toContainText('<img src=x');
  await expectAccessible(host, 'chat');

  const late = await studio.person();
  await openLobby(late, link, 'Grace');
  await joinRoom(late);
  await late.getByRole('button', { name: /^Chat/ }).click();
  await expect(late.getByRole('log')).toContainText('Look at');
  await expect(late.getByRole('log')).not.toContainText('<img src=x');
  await recorderHasRun(host, 5);
  await host.keyboard.press('Escape');
  await endRoom(host);

  await host.getByRole('link', { name: 'Profile' }).first().click();
  const card = host.locator('[data-testid="stream-card"][data-state="ready"]');
  await card.getByRole('link', { name: 'Watch replay' }).click();
  await playerIs(host, 'ready');
  await host.keyboard.press('End');
  const kept = host.getByRole('region', { name: 'Chat' });
  await expect(kept).toContainText('Look at');
  await kept.getByRole('button', { name: 'Play from 0:01' }).click();
  await expect
    .poll(() => host.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeLessThan(3);
  await expect(kept).not.toContainText('<img src=x');
});
