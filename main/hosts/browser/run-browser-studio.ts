import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import { createLogger, type Logger } from '../../diagnostics/logger.ts';
import type { NetworkFlags } from '../../reach/network-flags.ts';
import type { RelayFlags } from '../../relay/relay-flags.ts';
import { Settings } from '../../settings/settings.ts';
import { createStudio } from '../../studio.ts';
import type { TurnFlags } from '../../turn/turn-flags.ts';
import { prepareDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-folder-lock.ts';
import type { LaunchOptions } from '../launch-options.ts';
import { goFirst } from '../process-priority.ts';
import { readinessText } from '../readiness.ts';
import { SecretFiles } from '../secret-files.ts';
import { settingsFile } from '../settings-file.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { type BridgeServer, startBridgeServer } from './bridge-server.ts';
import { createBrowserHost } from './browser-host.ts';
import { openWindow } from './open-window.ts';
import { type Desktop, planWindow } from './window-plan.ts';
import { WindowReturn } from './window-return.ts';

/** A window that was open when the studio crashed asks every 1.5 s whether it is there again. */
const PATIENCE_MS = 4_000;

export interface BrowserStudioOptions
  extends NetworkFlags,
    TurnFlags,
    RelayFlags,
    Pick<LaunchOptions, 'port' | 'open' | 'json'> {
  /** Absolute. */
  dataDir: string;
  /** The built UI. */
  uiDir: string;
}

/**
 * Runs a studio in plain Node until a signal stops it: claims the data folder, starts the
 * window's origin and the studio, says that it is ready, and shows the window. Rejects with a
 * `LaunchProblem` or the error behind one when it can't start; nothing is left running then that
 * would outlive the process.
 */
export async function runBrowserStudio(options: BrowserStudioOptions): Promise<void> {
  const { dataDir, uiDir } = options;
  await prepareDataFolder(dataDir);
  const lock = await lockDataFolder(dataDir);
  const logger = createLogger({
    dir: join(dataDir, 'logs'),
    level: 'info',
    terminal: process.stderr,
  });
  goFirst(logger);
  const store = settingsFile(dataDir);
  const settings = new Settings(store, (name, problem) => {
    logger.warn({ name }, `the setting ${name} can't be used, its default holds: ${problem}`);
  });
  const desktop: Desktop = {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
  };
  const secretFiles = new SecretFiles(join(dataDir, 'secrets'), (text) => logger.warn(text));
  const host = createBrowserHost(desktop, secretFiles, store, logger);

  const returns = await WindowReturn.open(secretFiles, systemClock);
  const bridge = await startBridgeServer({
    uiDir,
    preferredPort: settings.get('bridgePort'),
    returns,
    logger,
  });
  settings.set('bridgePort', bridge.port);
  const studio = await createStudio(
    {
      dataDir,
      port: options.port,
      network: options,
      turn: options,
      relay: options.relay,
      uiDir,
      uiOrigins: [bridge.origin],
      environment: settings.get('environment'),
      logger,
    },
    host,
  );
  bridge.attach(studio);
  lock.announce(studio.rendezvousUrl);

  let closeWindow: () => void = () => undefined;
  stopOnSignals(
    async () => {
      await studio.shutdown();
      await returns.forget();
      await bridge.close();
      closeWindow();
      lock.release();
    },
    logger,
    process.exit,
  );
  process.stdout.write(
    readinessText(
      {
        address: studio.rendezvousUrl,
        networkAddress: studio.networkOrigin(),
        studioUrl: bridge.studioUrl,
        dataFolder: dataDir,
        host: 'browser',
        version: host.version,
      },
      options.json,
    ),
  );
  if (options.open && (await comesBack(returns))) {
    process.stderr.write('The window that was open goes on.\n');
    return;
  }
  closeWindow = await showWindow(options, desktop, bridge, logger);
}

/** Whether a window of a start that crashed takes this one for its own, in a moment. */
async function comesBack(returns: WindowReturn): Promise<boolean> {
  if (!returns.isExpected) return false;
  const tooLate = new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  return Promise.race([returns.first.then(() => true), tooLate]);
}

/** Shows the window where that was asked for and can be; says what it does. Returns how to close it. */
async function showWindow(
  { open, dataDir }: BrowserStudioOptions,
  desktop: Desktop,
  bridge: BridgeServer,
  logger: Logger,
): Promise<() => void> {
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`);
  if (!open) return () => undefined;
  const plan = planWindow(desktop, join(dataDir, 'window'), bridge.newOpeningUrl());
  if (plan.kind === 'none') {
    say(`No window is opened: ${plan.reason}. Open the studio's address in a browser here.`);
    return () => undefined;
  }
  if (plan.kind === 'app-window' && plan.unsandboxed) {
    say("You are root, where Chromium's sandbox can't work: the window runs without it.");
  }
  try {
    const window = await openWindow(plan, logger);
    void window.closed.then(() => {
      say("The window's process ended; the studio goes on. Its address opens it, Ctrl+C stops it.");
    });
    return () => window.close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    logger.warn({ err: error }, 'no window could be opened');
    say("Open the studio's address in a browser here.");
    return () => undefined;
  }
}
