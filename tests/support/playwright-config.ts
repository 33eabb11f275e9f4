import { join } from 'node:path';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

const RESULTS = join(import.meta.dirname, '../../test-results');

/** Chromium with fake devices, peers on loopback, and nothing of its own in the background. */
export const CHROMIUM: NonNullable<PlaywrightTestConfig['use']> = {
  trace: 'retain-on-failure',
  screenshot: 'only-on-failure',
  permissions: ['camera', 'microphone'],
  launchOptions: {
    executablePath: process.env.SWARM_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--allow-loopback-in-peer-connection',
    ],
  },
};

/** Tests of one folder, one after the other, none of them twice. */
export function playwrightConfig(
  folder: string,
  about: Pick<PlaywrightTestConfig, 'use' | 'timeout'> & { name: string },
): PlaywrightTestConfig {
  const { name, ...rest } = about;
  const results = join(RESULTS, name);
  const report = process.env.SWARM_PLAYWRIGHT_REPORT ?? join(results, 'report.json');
  return defineConfig({
    testDir: folder,
    outputDir: join(results, 'artifacts'),
    fullyParallel: false,
    workers: 1,
    retries: 0,
    forbidOnly: true,
    timeout: 120_000,
    expect: { timeout: 20_000 },
    reporter: [['list'], ['json', { outputFile: report }]],
    ...rest,
  });
}
