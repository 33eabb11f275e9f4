import type { Locator, Page } from '@playwright/test';
import { joinRoom, openLobby, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

/** What a step of the check found, once it is over. */
async function finding(dialog: Locator, step: string): Promise<string> {
  const item = dialog.locator(`[data-check="${step}"]`);
  await expect(item).toHaveAttribute('data-status', /fine|warning|failed|skipped/);
  return (await item.getAttribute('data-status')) ?? '';
}

async function openCheck(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Check my connection' }).click();
  return page.getByRole('dialog');
}

test('in the middle of a call one sees how each connection does, beside the tiles', async ({
  studio,
}) => {
  const host = await studio.host();
  await host.setViewportSize({ width: 1360, height: 900 });
  const link = await startRoom(host, { title: 'Quiet corner', record: false });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada Lovelace');
  await joinRoom(guest);

  const button = host.getByRole('button', { name: 'Connection details' });
  await button.focus();
  await host.keyboard.press('Enter');
  const panel = host.getByRole('dialog', { name: 'Connection details' });
  const peer = panel.getByRole('region', { name: 'Ada Lovelace' });
  await expect(peer.getByText('Direct', { exact: true })).toBeVisible();
  await expect(peer.locator('div', { hasText: /^Round trip/ })).toContainText(/\d ms/);
  await expect(peer.locator('div', { hasText: /^Receiving/ })).toContainText(/[1-9].* [kM]bit\/s/);
  await expect(peer.locator('div', { hasText: /^Their picture/ })).toContainText(
    /\d+ × \d+, \d+ fps, \w+/,
  );
  await expect(peer.getByRole('img', { name: /^Last minute: / }).first()).toBeVisible();
  await expect(panel.getByText(/\d+ s ago, echo in/)).toBeVisible();

  const box = await panel.boundingBox();
  const tiles = await host.getByTestId('tile').all();
  expect(tiles).toHaveLength(2);
  for (const tile of tiles) {
    const picture = await tile.boundingBox();
    const rightOfTile = (picture?.x ?? 0) + (picture?.width ?? 0);
    expect(box?.x, 'the panel lies beside the tile').toBeGreaterThanOrEqual(rightOfTile);
  }

  // It stays while one does something else, and goes when asked to.
  await host.getByRole('button', { name: 'Mute microphone' }).click();
  await expect(panel).toBeVisible();
  await panel.getByRole('button', { name: 'Close' }).press('Escape');
  await expect(panel).toBeHidden();
  // Not `toBeFocused`: the other person's window may be the one in front.
  await expect
    .poll(() => button.evaluate((element) => element === document.activeElement))
    .toBe(true);
});

test('a report for bug reports has the figures, and nobody’s name, link or address', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Quiet corner', record: false });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada Lovelace');
  await joinRoom(guest);
  await guest.evaluate((secret) => {
    console.warn(`Ada Lovelace met 192.168.17.23 at ${secret}`, new Error('candidate:1 1 udp 2'));
  }, link);

  await guest.getByRole('button', { name: 'Connection details' }).click();
  const panel = guest.getByRole('dialog', { name: 'Connection details' });
  await expect(panel.getByText('Direct', { exact: true })).toBeVisible();
  await guest
    .context()
    .grantPermissions(['camera', 'microphone', 'clipboard-read', 'clipboard-write']);
  await panel.getByRole('button', { name: 'Copy report' }).click();
  await expect(guest.getByText('The report is on the clipboard.')).toBeVisible();
  const text = await guest.evaluate(() => navigator.clipboard.readText());

  const report = JSON.parse(text);
  expect(report.peers).toHaveLength(1);
  expect(report.peers[0]).toMatchObject({
    role: 'host',
    link: { state: 'connected' },
    path: { relayed: false },
  });
  expect(report.peers[0].lastMinute.roundTripMs.samples).toBeGreaterThan(0);
  expect(report.warnings.at(-1).text).toContain('192.168.17.x');
  const [address, token = ''] = link.split('#invite=');
  const room = /room_[\w-]+/.exec(link)?.[0] ?? '';
  for (const secret of ['Ada', 'Sam', 'Quiet corner', '17.23', token, room, address]) {
    expect(secret).not.toBe('');
    expect(text).not.toContain(secret);
  }
});

test('before joining, the check finds everything in order, and leaves the preview running', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Quiet corner', record: false });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada');
  await guest.getByRole('button', { name: 'Mute microphone' }).click();

  const dialog = await openCheck(guest);
  for (const step of ['devices', 'picture', 'sound', 'node', 'socket', 'webrtc']) {
    expect(await finding(dialog, step), step).toBe('fine');
  }
  // On one computer there is nothing between the people that these could tell about.
  for (const step of ['stun', 'turn', 'upload']) {
    expect(await finding(dialog, step), step).toBe('skipped');
  }
  await expect(dialog.getByText('Everything works. You can join.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Check again' }).click();
  await expect(dialog.getByText(/^Checking: /)).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(guest.getByRole('button', { name: 'Unmute microphone' })).toBeVisible();
  await guest.getByRole('button', { name: 'Join room' }).click();
  await guest.getByTestId('room-tray').waitFor();
});

test('a refused camera is named with what to do, and the rest is checked all the same', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Quiet corner', record: false });
  const guest = await studio.person({ devices: 'refused' });
  await openLobby(guest, link, 'Ada');

  const dialog = await openCheck(guest);
  expect(await finding(dialog, 'devices')).toBe('failed');
  await expect(dialog.locator('[data-check="devices"]')).toContainText(
    'blocked for this page. Allow it',
  );
  expect(await finding(dialog, 'picture')).toBe('skipped');
  expect(await finding(dialog, 'sound')).toBe('skipped');
  for (const step of ['node', 'socket', 'webrtc']) {
    expect(await finding(dialog, step), step).toBe('fine');
  }
  await expect(dialog.getByText('Something does not work: see below')).toBeVisible();
});

test('a node that is gone fails its step, and no step hangs', async ({ studio }) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Quiet corner', record: false });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada');
  await (await studio.start()).stop();

  const dialog = await openCheck(guest);
  expect(await finding(dialog, 'node')).toBe('failed');
  await expect(dialog.locator('[data-check="node"]')).toContainText('The node does not answer');
  expect(await finding(dialog, 'socket')).toBe('failed');
  expect(await finding(dialog, 'webrtc')).toBe('fine');
  expect(await finding(dialog, 'upload')).toBe('skipped');
});
