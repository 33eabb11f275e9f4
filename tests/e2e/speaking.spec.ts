import { enterRoom, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('a tile shows that its person speaks, and not while they are muted', async ({ studio }) => {
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Talk', record: false });
  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');
  // Chromium's fake microphone beeps.
  const tile = host.getByTestId('tile').filter({ hasText: 'Ada' }).first();
  const own = ada.locator('[data-testid="tile"][data-self="true"]').first();
  await expect(tile).toHaveAttribute('data-speaking', 'true');
  await expect(own).toHaveAttribute('data-speaking', 'true');
  await ada.getByRole('button', { name: 'Mute microphone' }).click();
  await expect(tile).toHaveAttribute('data-audio-muted', 'true');
  await expect(tile).toHaveAttribute('data-speaking', 'false');
  await ada.getByRole('button', { name: 'Unmute microphone' }).click();
  await expect(tile).toHaveAttribute('data-speaking', 'true');
});
