import type { Page } from '@playwright/test';
import { joinRoom, openLobby, playReplay, recorderHasRun, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('everybody sees what the recording does, and marked moments are chapters of the replay', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Open stage', visibility: 'Public', record: true });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada');
  await joinRoom(guest);
  await recorderHasRun(host, 3);
  await expect(host.getByText(/ left$/)).toBeVisible();

  await host.getByRole('button', { name: 'Pause recording' }).click();
  await expect(guest.getByText(/^Recording paused \d+:\d\d$/).first()).toBeVisible();
  await host.getByRole('button', { name: 'Resume recording' }).click();
  await expect(guest.getByText(/^REC \d+:\d\d$/).first()).toBeVisible();

  await test.step('a key marks a moment, and it can be named', async () => {
    await host.keyboard.press('Control+b');
    await expect(host.getByText(/^Marker 1 at \d:\d\d$/)).toBeVisible();
    await host.getByRole('button', { name: 'Name it' }).click();
    const dialog = host.getByRole('dialog');
    await dialog.getByLabel('Name').fill('First song');
    // Typed into a field the key marks nothing.
    await host.keyboard.press('Control+b');
    await dialog.getByRole('button', { name: 'Save name' }).click();
    await expect(dialog).toBeHidden();
    await expect(host.getByText(/^Marker 2/)).toHaveCount(0);
  });

  await test.step('a device that goes is told to everybody, and replaced', async () => {
    await unplugMicrophone(guest);
    await expect(tileOf(host, 'Ada').getByText('Microphone disconnected')).toBeAttached();
    await expect(guest.getByTestId('lost-device')).toContainText('silence for you');
    await guest.getByRole('button', { name: 'Choose another' }).click();
    const dialog = guest.getByRole('dialog');
    await dialog
      .getByRole('radiogroup', { name: 'Microphone' })
      .getByRole('radio', { name: 'Fake Audio Input 2' })
      .click();
    await dialog.getByRole('button', { name: 'Use these' }).click();
    await expect(guest.getByTestId('lost-device')).toBeHidden();
    await expect(tileOf(host, 'Ada').getByText('Microphone disconnected')).toHaveCount(0);
    await expect(tileOf(host, 'Ada')).toHaveAttribute('data-audio-muted', 'false');
  });

  await test.step('a window that is gone is told to those who are left', async () => {
    await host.close();
    await expect(guest.getByTestId('recording-trouble')).toContainText('host’s window');
  });

  await test.step('all of it is kept, and a chapter leads to its moment', async () => {
    const roomId = /room_[\w-]+/.exec(link)?.[0];
    await guest.goto(`${(await studio.start()).address}/replay/${roomId}`);
    expect((await playReplay(guest)).frames).toBeGreaterThan(0);
    const chapter = guest.getByRole('button', { name: /First song/ });
    await chapter.click();
    await expect(chapter).toHaveAttribute('aria-current', 'true');
  });
});

/** What a browser does when a microphone is pulled out: fake ones have no plug. */
function unplugMicrophone(page: Page): Promise<void> {
  return page.locator('[data-self="true"] video').evaluate((video: HTMLVideoElement) => {
    const [microphone] = (video.srcObject as MediaStream).getAudioTracks();
    microphone?.stop();
    microphone?.dispatchEvent(new Event('ended'));
  });
}

function tileOf(page: Page, name: string) {
  return page.getByTestId('tile').filter({ hasText: name }).first();
}
