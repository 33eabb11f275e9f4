import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { probe, recorderStream, slicesOf } from '../integration/recording/media.ts';
import { room } from '../integration/recording/recorded-room.ts';
import { record } from '../integration/recording/studio-fixture.ts';
import { expectAccessible, expectNoSidewaysScrolling } from '../support/accessibility.ts';
import { playerIs } from '../support/people.ts';
import { openStudioRecordings } from '../support/studio-recordings.ts';
import { expect, test } from '../support/temporary-studio.ts';

const MANY = 10_000;

/** A data folder with one real recording and so many that are only in the catalogue. */
async function seed(dataFolder: string): Promise<string> {
  await mkdir(dataFolder);
  const studio = await openStudioRecordings(dataFolder);
  const host = { hostUserId: studio.identity.userId };
  const slices = slicesOf(await recorderStream(4));
  const id = await record(studio.recordings, slices, room({ ...host, title: 'Été in São Paulo' }));
  await studio.recordings.stop(id);
  await studio.recordings.settled();
  const insert = studio.db.prepare(
    `INSERT INTO recordings (recording_id, room_id, title, visibility, host_user_id, mime_type,
       wrapped_secret, state, started_at, retain_until, duration_ms, size_bytes)
     SELECT ?, ?, ?, visibility, host_user_id, mime_type, wrapped_secret, 'ready', started_at - ?,
       retain_until + ?, ?, ? FROM recordings WHERE recording_id = ?`,
  );
  const measure = studio.db.prepare(
    'INSERT INTO recording_facts (recording_id, disk_bytes) VALUES (?, ?)',
  );
  studio.db.exec('BEGIN');
  for (let n = 1; n < MANY; n += 1) {
    const number = String(n).padStart(5, '0');
    insert.run(
      ...[`rec_seeded${number}`, `room_0123456789s${number}`, `Evening ${number}`, n * 60_000],
      ...[n * 60_000, n * 1000, n * 1000, id],
    );
    measure.run(`rec_seeded${number}`, n * 1000);
  }
  studio.db.exec('COMMIT');
  await studio.close();
  return id;
}

test('ten thousand recordings are found, checked, exported, kept and deleted on their page', async ({
  studio,
}) => {
  const id = await seed(studio.dataFolder);
  const page = await studio.host();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'Recordings' }).click();
  const list = page.getByRole('list', { name: 'Recordings' });
  const rows = list.getByRole('listitem');
  await expect(page.getByText('10,000 recordings,')).toBeVisible();
  await expect(rows.first()).toContainText('Été in São Paulo');
  expect(await rows.count()).toBeLessThan(60);
  await expectAccessible(page, 'recordings');

  // To the very end, and the rows there come.
  await page.locator('#page').evaluate((main) => main.scrollTo(0, main.scrollHeight));
  await expect(list.getByText('Evening 09999')).toBeVisible();
  expect(await rows.count()).toBeLessThan(60);
  await page.getByRole('radio', { name: 'Longest' }).click();
  await page.locator('#page').evaluate((main) => main.scrollTo(0, 0));
  await expect(rows.first()).toContainText('Evening 09999');

  await page.getByLabel('Search recordings').fill('sao ETE');
  await expect(rows).toHaveCount(1);
  await page.getByLabel('Search recordings').fill('nowhere');
  await expect(page.getByText('No recording has “nowhere” in its title.')).toBeVisible();
  await page.getByLabel('Search recordings').fill('paulo');
  await expect(rows).toHaveCount(1);

  // By the keyboard alone.
  const menu = page.getByRole('button', { name: 'What to do with Été in São Paulo' });
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'Check every byte' }).press('Enter');
  await expect(page.getByText('“Été in São Paulo” is checked')).toBeVisible();
  await expect(rows.first()).toContainText('Intact');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Keep for good', exact: true }).click();
  await expect(rows.first()).toContainText('Kept for good');

  await menu.click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: 'Folder' })).toHaveValue(
    join(studio.dataFolder, 'exports'),
  );
  await expectAccessible(page, 'export dialog');
  await dialog.getByRole('button', { name: 'Export' }).click();
  const work = page.getByRole('list', { name: 'Work in progress' });
  await expect(work).toContainText('“Été in São Paulo” is exported');
  const path = await work.getByText('.mp4').textContent();
  expect(await probe(String(path))).toMatchObject({ codecs: ['aac', 'h264'], clean: true });

  await page.setViewportSize({ width: 420, height: 800 });
  await expectAccessible(page, 'recordings in a narrow window');
  await expectNoSidewaysScrolling(page, 'recordings in a narrow window');
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole('button', { name: 'Limits' }).click();
  await dialog.getByLabel('Most that recordings may take, in GB').fill('-1');
  await dialog.getByRole('button', { name: 'Save limits' }).click();
  await expect(dialog).toContainText('A number of at least 0.1, or nothing.');
  // Less than there is: it says what goes before anything does.
  await dialog.getByLabel('Most that recordings may take, in GB').fill('0,1');
  await dialog.getByRole('button', { name: 'Save limits' }).click();
  await expect(dialog).toContainText('recordings are deleted within a minute');
  await dialog.getByRole('button', { name: 'Save and delete them' }).waitFor();
  await dialog.getByLabel('Most that recordings may take, in GB').fill('200');
  await dialog.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('of 200 GB')).toBeVisible();
  await expect(page.getByText('Goes first to make room')).toBeVisible();

  await page.getByRole('link', { name: 'Été in São Paulo' }).click();
  await playerIs(page, 'ready');
  expect(page.url()).toContain(`recording=${id}`);
  await page.goBack();

  await page.getByLabel('Search recordings').fill('paulo');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(rows).toHaveCount(1);
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete recording' }).click();
  await expect(page.getByText('No recording has “paulo” in its title.')).toBeVisible();
  await expect(page.getByText('9,999 recordings,')).toBeVisible();
});
