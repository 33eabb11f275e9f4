import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test';

/** What a studio started for a test prints with `--json`. */
export interface AppReadiness {
  address: string;
  studioUrl: string;
  dataFolder: string;
  host: 'electron';
  version: string;
}

export interface StudioApp extends Pick<AppReadiness, 'address'> {
  app: ElectronApplication;
  window: Page;
  dataDir: string;
  /** Closes the app and removes its data. */
  end(): Promise<void>;
}

const MEDIA_FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
];

/** Starts the built app on a data folder of its own, with a fake camera and microphone. */
export async function startApp(
  args: readonly string[] = [],
  { dataDir }: { dataDir?: string } = {},
): Promise<StudioApp> {
  const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'swarm-electron-')));
  const app = await _electron.launch({
    args: [
      // Chromium's sandbox needs what containers and root do not have.
      ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      ...MEDIA_FLAGS,
      'out/main/electron.js',
      '--data',
      dir,
      '--json',
      ...args,
    ],
  });
  const lines = createInterface({ input: app.process().stdout ?? process.stdin });
  const readiness = once(lines, 'line').then(([line]) => JSON.parse(String(line)) as AppReadiness);
  const window = await app.firstWindow();
  return {
    address: (await readiness).address,
    app,
    window,
    dataDir: dir,
    async end() {
      await app.close();
      if (!dataDir) await rm(dir, { recursive: true });
    },
  };
}

/** What a person does first: says who they are. Returns once the studio itself is there. */
export async function introduce(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(page.getByRole('button', { name: 'Start live room' })).toBeVisible();
}
