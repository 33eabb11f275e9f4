import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScrolling } from '../support/accessibility.ts';
import { expect, test } from '../support/temporary-studio.ts';

async function post(page: Page, text: string): Promise<void> {
  await page.getByLabel("What's new?").fill(text);
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page
    .getByRole('article')
    .filter({ hasText: text.slice(0, 20) })
    .first()
    .waitFor();
}

async function option(page: Page, text: string, name: string): Promise<void> {
  const card = page.getByRole('article').filter({ hasText: text });
  await card.getByRole('button', { name: 'Post options' }).click();
  await page.getByRole('menuitem', { name }).click();
}

test('posts are written, pinned, edited, found and followed without a reload', async ({
  studio,
}) => {
  const host = await studio.host();
  const { address } = await studio.start();

  // A draft survives a reload, and can be thrown away.
  await host.getByLabel("What's new?").fill('Only begun');
  await host.reload();
  await expect(host.getByLabel("What's new?")).toHaveValue('Only begun');
  await host.getByRole('button', { name: 'Discard the draft' }).click();
  await expect(host.getByLabel("What's new?")).toHaveValue('');

  await post(host, 'Lamps, part one: https://lamps.example/one #Lamps by @sam');
  await post(host, '<img src=x onerror=alert(1)> javascript:alert(1)');
  await expect(host.getByText('<img src=x')).toBeVisible();
  await expect(host.locator('article img, article a[href^="javascript"]')).toHaveCount(0);

  const visitor = await studio.person();
  await visitor.goto(`${address}/u/sam`);
  const first = visitor.getByRole('article').first();
  await expect(first).toContainText('<img');
  await option(host, 'Lamps, part one', 'Pin to the top');
  // Nobody is signed in there: it is asked for.
  await expect(first).toContainText('Pinned');
  await expect(first).toContainText('Lamps, part one');

  await option(host, 'Lamps, part one', 'Edit post');
  await host.getByLabel('Text').fill('Lamps, part two #lamps');
  await host.getByRole('button', { name: 'Save post' }).click();
  await expect(host.getByRole('article').first()).toContainText('edited');

  await host.getByRole('link', { name: '#lamps' }).click();
  await expect(host.getByRole('heading', { name: 'Search' })).toBeVisible();
  await expect(host.getByRole('article')).toHaveCount(1);
  await expect(host.locator('mark')).toHaveText(['Lamps', 'lamps']);
  await expectAccessible(host, 'search');
  await host.getByRole('searchbox').fill('nothing like this');
  await expect(host.getByText('Nothing found')).toBeVisible();
  await host.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScrolling(host, 'search');
  await host.screenshot({ path: test.info().outputPath('search-narrow.png') });

  await host.getByRole('link', { name: 'Profile' }).first().click();
  await host.getByRole('article').first().waitFor();
  await host.screenshot({ path: test.info().outputPath('feed-narrow.png') });
  await host.setViewportSize({ width: 1280, height: 800 });
  await host.screenshot({ path: test.info().outputPath('feed.png') });
  await host.locator('article time').first().click();
  await expect(host).toHaveURL(/\/post\/post_/);
  const alone = host.url();
  await option(host, 'Lamps, part two', 'Delete post');
  await host.getByRole('button', { name: 'Delete post' }).click();
  await expect(host.getByText('There is no such post here')).toBeVisible();
  await visitor.goto(`${address}${new URL(alone).pathname}`);
  await expect(visitor.getByText('There is no such post here')).toBeVisible();
});
