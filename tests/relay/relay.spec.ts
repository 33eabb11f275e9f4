import type { Page } from 'playwright';
import { enterRoom, readTiles, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

async function movingTiles(page: Page): Promise<number> {
  return (await readTiles(page)).filter((tile) => tile.framesIn2s > 0).length;
}

test('a room moves to the relay and back while its pictures go on', async ({ studio }) => {
  await studio.start(['--relay']);
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Large room', record: false });
  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');
  const grace = await studio.person();
  await enterRoom(grace, link, 'Grace');
  const pages = [host, ada, grace];
  for (const page of pages) await expect.poll(() => movingTiles(page)).toBe(3);

  await host.getByRole('button', { name: 'Move to the relay' }).click();
  await host.getByRole('dialog').getByRole('button', { name: 'Move to the relay' }).click();
  for (const page of pages) {
    await expect(page.getByText(/^Relayed by .*, end-to-end encrypted$/)).toBeVisible();
    await expect.poll(() => movingTiles(page)).toBe(3);
  }
  await host.waitForTimeout(6000);
  for (const page of pages) console.log(await page.evaluate(() => JSON.stringify(document.title)));
});
