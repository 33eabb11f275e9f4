import { expectAccessible, expectNoSidewaysScrolling } from '../support/accessibility.ts';
import { openLobby, startRoom } from '../support/people.ts';
import { test } from '../support/temporary-studio.ts';

test('every page of the main job can be used by everybody, in a narrow window too', async ({
  studio,
}) => {
  const host = await studio.host();
  await host.emulateMedia({ reducedMotion: 'reduce' });
  await expectAccessible(host, 'profile');
  await host.getByRole('button', { name: /^You:/ }).click();
  await host.getByRole('menuitem', { name: 'Home: This computer' }).click();
  await host.getByLabel('Invitation to another node').waitFor();
  await expectAccessible(host, 'home dialog');
  await host.keyboard.press('Escape');
  await host.getByRole('dialog').waitFor({ state: 'detached' });
  await host.getByRole('button', { name: 'Start live room' }).click();
  await host.getByRole('dialog').getByRole('button', { name: 'Start room' }).waitFor();
  await expectAccessible(host, 'launch dialog');
  await host.keyboard.press('Escape');
  await host.getByRole('dialog').waitFor({ state: 'detached' });

  const link = await startRoom(host, { title: 'Everybody', record: false });
  await expectAccessible(host, 'room');
  await host.getByRole('button', { name: 'Choose camera and microphone' }).click();
  await host.getByRole('radiogroup', { name: 'Microphone' }).waitFor();
  await expectAccessible(host, 'devices dialog');
  await host.keyboard.press('Escape');
  await host.getByRole('dialog').waitFor({ state: 'detached' });

  const guest = await studio.person();
  await guest.setViewportSize({ width: 390, height: 844 });
  await guest.emulateMedia({ reducedMotion: 'reduce' });
  await openLobby(guest, link, 'Ada');
  await expectAccessible(guest, 'lobby');
  await expectNoSidewaysScrolling(guest, 'lobby');
  await guest.getByRole('button', { name: 'Join room' }).click();
  await guest.getByTestId('room-tray').waitFor();
  await expectNoSidewaysScrolling(guest, 'room');
  await expectAccessible(guest, 'room on a phone');

  await host.setViewportSize({ width: 390, height: 844 });
  for (const name of ['Profile', 'Projects']) {
    await host.getByRole('link', { name }).first().click();
    await expectNoSidewaysScrolling(host, name);
    await expectAccessible(host, `${name} on a phone`);
  }
});
