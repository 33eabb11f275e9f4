import { expect, test } from '@playwright/test';
import { type PageServer, servePages } from './page-server.ts';
import type { CompositionPage } from './pages/composition.ts';

declare const composition: CompositionPage;

let server: PageServer;

test.beforeAll(async () => {
  server = await servePages('composition');
});

test.afterAll(() => server.close());

test('a picture that is stopped gives back every frame', async ({ page }) => {
  await page.goto(`${server.origin}/composition.html`);
  const { reports, made, open } = await page.evaluate(() => composition.compose('stop'));
  expect(reports).toEqual(['stopped']);
  expect(made).toBeGreaterThan(5);
  expect(open).toBe(0);
});

test('a picture whose track ends says so, and gives back every frame too', async ({ page }) => {
  await page.goto(`${server.origin}/composition.html`);
  const { reports, made, open } = await page.evaluate(() => composition.compose('track-ends'));
  expect(reports).toEqual(['failed']);
  expect(made).toBeGreaterThan(5);
  expect(open).toBe(0);
});
