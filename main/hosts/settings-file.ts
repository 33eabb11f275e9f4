import { join } from 'node:path';
import Conf from 'conf';
import type { SettingsStore } from './host.ts';
import { LaunchProblem } from './launch-problem.ts';

/** Name of the settings file in the data folder, without its extension. */
export const SETTINGS_NAME = 'settings';

/** The settings of a host without Electron: the file that `electron-store` keeps in the other. */
export function settingsFile(dataDir: string): SettingsStore {
  return openSettings(dataDir, () => {
    return new Conf<Record<string, unknown>>({
      cwd: dataDir,
      configName: SETTINGS_NAME,
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
    });
  });
}

/** Turns a damaged file into a sentence about it; `conf` throws the parser's error. */
export function openSettings(dataDir: string, open: () => SettingsStore): SettingsStore {
  try {
    const store = open();
    return { get: (key) => store.get(key), set: (key, value) => store.set(key, value) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LaunchProblem(
      'start-failed',
      `The settings in ${join(dataDir, `${SETTINGS_NAME}.json`)} are not valid JSON (${error.message}). Correct the file, or delete it to start with the defaults.`,
      { cause: error },
    );
  }
}
