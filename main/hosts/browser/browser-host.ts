import { spawn } from 'node:child_process';
import type { Logger } from '../../diagnostics/logger.ts';
import { appVersion } from '../app-version.ts';
import { FileSecretStore } from '../file-secret-store.ts';
import type { Host, SettingsStore } from '../host.ts';
import { onPath } from '../on-path.ts';
import type { SecretFiles } from '../secret-files.ts';
import { type Desktop, systemOpener } from './window-plan.ts';

/** The studio's surroundings in plain Node: the desktop's own tools where there is a desktop. */
export function createBrowserHost(
  desktop: Desktop,
  secretFiles: SecretFiles,
  settings: SettingsStore,
  logger: Logger,
): Host {
  return {
    kind: 'browser',
    version: appVersion,
    secrets: new FileSecretStore(secretFiles),
    settings,
    notify({ title, body }) {
      logger.info({ title, body }, 'notification');
      const notifier = onPath(['notify-send'], desktop.env);
      if (notifier) start(notifier, ['--app-name=Swarm Studio', '--', title, body], logger);
    },
    openFolder(path) {
      const opener = systemOpener(desktop, path);
      if (!opener) {
        return Promise.reject(new Error(`No file manager was found. The folder is ${path}.`));
      }
      start(opener.command, opener.args, logger);
      return Promise.resolve();
    },
    blockSleep(reason) {
      const inhibitor = sleepInhibitor(desktop, reason);
      if (!inhibitor) {
        logger.info({ reason }, 'this system offers no way to keep it awake');
        return () => undefined;
      }
      const child = start(inhibitor.command, inhibitor.args, logger);
      return () => child.kill();
    },
  };
}

/** Programs that hold the machine awake for as long as they run, this process' life at most. */
function sleepInhibitor(
  { platform, env }: Desktop,
  reason: string,
): { command: string; args: string[] } | undefined {
  if (platform === 'darwin') {
    return { command: 'caffeinate', args: ['-i', '-w', String(process.pid)] };
  }
  const command = onPath(['systemd-inhibit'], env);
  if (!command) return undefined;
  const tail = ['tail', '-f', '/dev/null', `--pid=${process.pid}`];
  return { command, args: ['--what=idle:sleep', '--who=Swarm Studio', `--why=${reason}`, ...tail] };
}

function start(command: string, args: string[], logger: Logger) {
  const child = spawn(command, args, { stdio: 'ignore' });
  child.once('error', (err) => logger.warn({ err }, `${command} could not be started`));
  child.once('exit', (exitCode) => {
    if (exitCode) logger.info({ exitCode }, `${command} ended with an error`);
  });
  child.unref();
  return child;
}
