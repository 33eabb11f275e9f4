import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, test as base, type Page } from '@playwright/test';
import { type Devices, launchBrowser } from './browsers.ts';
import { openStudio } from './people.ts';
import { type StudioProcess, startStudio } from './studio-process.ts';

/** Starts studios on one data folder, and people's browsers; all of them end with the test. */
export interface TemporaryStudio {
  readonly dataFolder: string;
  /** The one that runs, or a new one with these flags and variables. */
  start(flags?: readonly string[], env?: Readonly<Record<string, string>>): Promise<StudioProcess>;
  /** The host's window, past the first start. */
  host(equipment?: Devices): Promise<Page>;
  /** A page of a person's own, who shares nothing with others, with a fake camera unless said. */
  person(equipment?: Devices): Promise<Page>;
}

type BrowserWith = (equipment?: Devices) => Promise<Browser>;

/**
 * Playwright's `test` with a studio of its own for each test. Browsers outlive tests, one for each
 * kind of devices: starting one takes more time than many a test; people are contexts in them.
 */
export const test = base.extend<{ studio: TemporaryStudio }, { browserWith: BrowserWith }>({
  browserWith: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixture names from a pattern.
    async ({}, use) => {
      const browsers = new Map<string, Promise<Browser>>();
      await use(async (equipment) => {
        const key = JSON.stringify(equipment);
        const known = await browsers.get(key);
        if (known?.isConnected()) return known;
        const started = launchBrowser(equipment);
        browsers.set(key, started);
        return started;
      });
      await Promise.all([...browsers.values()].map(async (browser) => (await browser).close()));
    },
    { scope: 'worker' },
  ],
  studio: async ({ browserWith }, use, testInfo) => {
    const folder = await mkdtemp(join(tmpdir(), 'swarm-e2e-'));
    const dataFolder = join(folder, 'data');
    const contexts: BrowserContext[] = [];
    const problems: string[] = [];
    let running: StudioProcess | undefined;

    async function start(
      flags: readonly string[] = [],
      env: Readonly<Record<string, string>> = {},
    ): Promise<StudioProcess> {
      const { exitCode, signalCode } = running?.process ?? { exitCode: 0, signalCode: null };
      if (running && exitCode === null && signalCode === null) return running;
      running = await startStudio(dataFolder, flags, env);
      return running;
    }
    async function person(equipment?: Devices): Promise<Page> {
      const context = await (await browserWith(equipment)).newContext();
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => problems.push(error.message));
      return page;
    }
    async function host(equipment?: Devices): Promise<Page> {
      const [page, { studioUrl }] = [await person(equipment), await start()];
      await openStudio(page, studioUrl, { handle: 'sam', displayName: 'Sam Host' });
      return page;
    }

    await use({ dataFolder, start, host, person });

    if (testInfo.status !== testInfo.expectedStatus) {
      const pages = contexts.flatMap((context) => context.pages());
      for (const [index, page] of pages.entries()) {
        await testInfo.attach(`page ${index}`, {
          body: await page.screenshot(),
          contentType: 'image/png',
        });
      }
      await testInfo.attach('studio', { body: running?.stderr() ?? '' });
    }
    await Promise.all(contexts.map((context) => context.close()));
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
    base.expect(problems, 'errors thrown in pages').toEqual([]);
  },
});

export const expect = base.expect;
