import { join } from 'node:path';
import { app, session } from 'electron';
import { createLogger, type Logger } from '../../diagnostics/logger.ts';
import type { NetworkFlags } from '../../reach/network-flags.ts';
import type { RelayFlags } from '../../relay/relay-flags.ts';
import { Settings } from '../../settings/settings.ts';
import { createStudio, type Studio } from '../../studio.ts';
import type { TurnFlags } from '../../turn/turn-flags.ts';
import { appVersion } from '../app-version.ts';
import { prepareDataFolder } from '../data-folder.ts';
import { type DataFolderLock, lockDataFolder } from '../data-folder-lock.ts';
import type { LaunchOptions } from '../launch-options.ts';
import { LaunchProblem } from '../launch-problem.ts';
import { goFirst } from '../process-priority.ts';
import { readinessText } from '../readiness.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { setAppMenu } from './app-menu.ts';
import { serveAppScheme } from './app-scheme.ts';
import { serveBridgePorts } from './bridge-ports.ts';
import * as desktop from './electron-host.ts';
import { LinkOpener, registerLinks } from './link-opener.ts';
import { APP_ORIGIN } from './own-origin.ts';
import { QuitGuard } from './quit-guard.ts';
import { guardNavigation, guardPermissions } from './session-guard.ts';
import { showStudio } from './show-studio.ts';

export interface ElectronStudioOptions
  extends NetworkFlags,
    TurnFlags,
    RelayFlags,
    Pick<LaunchOptions, 'port' | 'open' | 'json' | 'rest'> {
  /** Absolute. */
  dataDir: string;
  /** Whether that is where the platform keeps it: a studio elsewhere leaves the system's links alone. */
  usualPlace: boolean;
  uiDir: string;
  preload: string;
  icon: string;
}

/** The data folder is this app's: no other studio runs on it. */
export interface Claim {
  lock: DataFolderLock;
  links: LinkOpener;
}

/**
 * What must happen before the app is ready: claims the data folder. A second start on the same
 * one brings the first one's window to the front, hands over its link, and is `undefined`: it has
 * nothing left to do. Throws a `LaunchProblem` when the folder can't be used.
 */
export async function claimDataFolder(options: ElectronStudioOptions): Promise<Claim | undefined> {
  const { dataDir, json } = options;
  const links = new LinkOpener(options.rest);
  await prepareDataFolder(dataDir);
  app.setName('Swarm Studio');
  app.setPath('userData', join(dataDir, 'electron'));
  if (app.requestSingleInstanceLock()) return { lock: await lockDataFolder(dataDir), links };
  const sentence = `Swarm Studio is already running on ${dataDir}; its window has come to the front.`;
  if (json) throw new LaunchProblem('data-folder-in-use', sentence);
  process.stderr.write(`${sentence}\n`);
  return undefined;
}

/** Runs the studio as a desktop app. Rejects when it can't start. */
export async function runElectronStudio(
  options: ElectronStudioOptions,
  { lock, links }: Claim,
): Promise<void> {
  const { dataDir, json } = options;
  const logger = createLogger({
    dir: join(dataDir, 'logs'),
    level: 'info',
    terminal: process.stderr,
  });
  goFirst(logger);
  await app.whenReady();
  guardNavigation(logger);
  guardPermissions(session.defaultSession, logger);

  const studio = await startStudio(options, logger);
  lock.announce(studio.rendezvousUrl);
  async function stop(): Promise<void> {
    await studio.shutdown();
    lock.release();
  }
  stopOnSignals(stop, logger, (exitCode) => app.exit(exitCode));
  serveAppScheme(options.uiDir, studio.nodeUrls);
  serveBridgePorts(studio, logger);
  setAppMenu(dataDir);
  if (options.usualPlace) registerLinks(logger);
  showStudio({
    ...{ studio, links, logger },
    open: options.open,
    preload: options.preload,
    icon: options.icon,
    states: desktop.electronStore(dataDir, 'window-state'),
    quitting: new QuitGuard(studio, stop, logger),
  });
  process.stdout.write(
    readinessText(
      {
        address: studio.rendezvousUrl,
        networkAddress: studio.networkOrigin(),
        studioUrl: `${APP_ORIGIN}/`,
        dataFolder: dataDir,
        host: 'electron',
        version: appVersion,
      },
      json,
    ),
  );
}

async function startStudio(options: ElectronStudioOptions, logger: Logger): Promise<Studio> {
  const { dataDir, port, uiDir } = options;
  const store = desktop.electronSettings(dataDir);
  const settings = new Settings(store, (name, problem) => {
    logger.warn({ name }, `the setting ${name} can't be used, its default holds: ${problem}`);
  });
  const secrets = desktop.electronSecrets(dataDir, logger);
  return createStudio(
    {
      dataDir,
      port,
      network: options,
      turn: options,
      relay: options.relay,
      uiDir,
      uiOrigins: [APP_ORIGIN],
      environment: settings.get('environment'),
      logger,
    },
    desktop.createElectronHost(secrets, store, logger),
  );
}
