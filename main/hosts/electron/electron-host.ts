import { join } from 'node:path';
import { Notification, powerSaveBlocker, shell } from 'electron';
import ElectronStore from 'electron-store';
import type { Logger } from '../../diagnostics/logger.ts';
import { appVersion } from '../app-version.ts';
import type { Host, SecretStore, SettingsStore } from '../host.ts';
import { SecretFiles } from '../secret-files.ts';
import { openSettings, SETTINGS_NAME } from '../settings-file.ts';
import { chooseSecretStore } from './keychain-secret-store.ts';

/** A JSON document in the data folder, written atomically. */
export function electronStore(dataDir: string, name: string): SettingsStore {
  return new ElectronStore<Record<string, unknown>>({
    cwd: dataDir,
    name,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  });
}

/** The settings file, the same one that the browser host keeps. */
export function electronSettings(dataDir: string): SettingsStore {
  return openSettings(dataDir, () => electronStore(dataDir, SETTINGS_NAME));
}

/** The desktop's secrets: in the key ring, or in files where there is none. */
export function electronSecrets(dataDir: string, logger: Logger): SecretStore {
  const files = new SecretFiles(join(dataDir, 'secrets'), (sentence) => logger.warn(sentence));
  return chooseSecretStore(files, (sentence) => logger.warn(sentence));
}

/** The studio's surroundings in Electron. */
export function createElectronHost(
  secrets: SecretStore,
  settings: SettingsStore,
  logger: Logger,
): Host {
  return {
    kind: 'electron',
    version: appVersion,
    secrets,
    settings,
    notify({ title, body }) {
      logger.info({ title, body }, 'notification');
      if (Notification.isSupported()) new Notification({ title, body }).show();
    },
    async openFolder(path) {
      const problem = await shell.openPath(path);
      if (problem) throw new Error(`${path} could not be opened (${problem}).`);
    },
    blockSleep(reason) {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      logger.info({ reason }, 'the machine is kept awake');
      return () => powerSaveBlocker.stop(id);
    },
  };
}
