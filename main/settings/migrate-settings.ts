import type { SettingsStore } from '../hosts/host.ts';

/** Brings a store from one version to the next; reads and writes it through the store. */
export type SettingsStep = (store: SettingsStore) => void;

/**
 * Applies the steps a store has not seen: `steps[0]` leads from version 1 to 2, and so on. The
 * version is written after each step, so that an interrupted migration goes on where it stopped.
 * Throws when the file comes from a newer version of the app.
 */
export function migrateSettings(store: SettingsStore, steps: readonly SettingsStep[]): void {
  const newest = steps.length + 1;
  const stored = store.get('version');
  const version = typeof stored === 'number' && Number.isInteger(stored) ? stored : newest;
  if (version > newest) {
    throw new Error(
      `The settings were written by a newer version of Swarm Studio (version ${version}, this one knows ${newest}). Update the app, or use another data folder.`,
    );
  }
  if (stored !== version) store.set('version', version);
  for (let from = version; from < newest; from += 1) {
    steps[from - 1]?.(store);
    store.set('version', from + 1);
  }
}
