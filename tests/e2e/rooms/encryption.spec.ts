import { expect, test } from '@playwright/test';
import { type PageServer, servePages } from './page-server.ts';
import type { EncryptionPage } from './pages/encryption.ts';

declare const encryption: EncryptionPage;

/** Some seconds of a small picture. */
const SOME_BYTES = 100_000;

let server: PageServer;

test.beforeAll(async () => {
  server = await servePages('encryption');
});

test.afterAll(() => server.close());

test.beforeEach(async ({ page }) => {
  await page.goto(`${server.origin}/encryption.html`);
});

test('an encrypted picture is seen by members, and by nobody who listens in', async ({ page }) => {
  const decoded = await page.evaluate(async (bytes) => {
    await encryption.add('grace', 'member');
    await encryption.add('eve', 'eavesdropper');
    await encryption.sees('grace');
    return {
      grace: await encryption.watch('grace', bytes),
      eve: await encryption.watch('eve', bytes),
      graceSees: encryption.showsRed('grace'),
      eveSees: encryption.showsRed('eve'),
    };
  }, SOME_BYTES);
  expect(decoded.grace).toBeGreaterThan(10);
  expect(decoded.graceSees).toBe(true);
  // A VP8 decoder makes a picture of any bits: now and then one of noise.
  expect(decoded.eve).toBeLessThan(decoded.grace / 5);
  expect(decoded.eveSees).toBe(false);
});

test('who left can’t read on, and who stays does not notice', async ({ page }) => {
  const decoded = await page.evaluate(async (bytes) => {
    await encryption.add('grace', 'member');
    await encryption.add('mallory', 'member');
    await encryption.sees('grace');
    await encryption.sees('mallory');
    encryption.leaves('mallory');
    // What is under way under the former key passes first.
    await encryption.watch('mallory', bytes);
    return {
      mallory: await encryption.watch('mallory', bytes),
      grace: await encryption.watch('grace', bytes),
    };
  }, SOME_BYTES);
  expect(decoded.mallory).toBe(0);
  expect(decoded.grace).toBeGreaterThan(10);
});

test('who comes late sees the picture too', async ({ page }) => {
  const decoded = await page.evaluate(async (bytes) => {
    await encryption.add('grace', 'member');
    await encryption.sees('grace');
    encryption.leaves('grace');
    await encryption.add('linus', 'member');
    await encryption.sees('linus');
    return encryption.watch('linus', bytes);
  }, SOME_BYTES);
  expect(decoded).toBeGreaterThan(10);
});
