import { describe, expect, it } from 'vitest';
import type { SettingsStore } from '../../../main/hosts/host.ts';
import { migrateSettings } from '../../../main/settings/migrate-settings.ts';
import { Settings } from '../../../main/settings/settings.ts';

function storeOf(content: Record<string, unknown>): SettingsStore & { content: typeof content } {
  return {
    content,
    get: (key) => content[key],
    set: (key, value) => {
      content[key] = value;
    },
  };
}

function open(content: Record<string, unknown>) {
  const invalid: string[] = [];
  const store = storeOf(content);
  return { settings: new Settings(store, (name) => invalid.push(name)), invalid, store };
}

describe('settings', () => {
  it('have a default each', () => {
    const { settings, invalid } = open({});
    expect(settings.get('retentionDays')).toBe(30);
    expect(settings.get('environment')).toBe('general');
    expect(settings.get('bridgePort')).toBe(0);
    expect(invalid).toEqual([]);
  });

  it('are kept in the store', () => {
    const { settings, store } = open({});
    settings.set('retentionDays', 7);
    expect(open(store.content).settings.get('retentionDays')).toBe(7);
  });

  it('remember the node that is home, and none where there is no address', () => {
    const home = { origin: 'https://rooms.example', name: 'Choir', certificate: null };
    const { settings, store } = open({});
    expect(settings.get('home')).toBeNull();
    settings.set('home', home);
    expect(open(store.content).settings.get('home')).toEqual(home);
    const spoiled = open({ home: { origin: 'somewhere' } });
    expect(spoiled.settings.get('home')).toBeNull();
    expect(spoiled.invalid).toEqual(['home']);
  });

  it('that somebody spoiled by hand fall back to their default, and say so', () => {
    const { settings, invalid } = open({ retentionDays: 'forever', environment: 'beta' });
    expect(settings.get('retentionDays')).toBe(30);
    expect(settings.get('environment')).toBe('beta');
    expect(invalid).toEqual(['retentionDays']);
  });

  it('out of bounds are refused', () => {
    const { settings, store } = open({});
    expect(() => settings.set('retentionDays', 0)).toThrow();
    expect(() => settings.set('bridgePort', 65_536)).toThrow();
    expect(store.content).not.toHaveProperty('retentionDays');
  });
});

describe('settings of an older version', () => {
  const steps = [
    (store: SettingsStore) => store.set('days', Number(store.get('weeks')) * 7),
    (store: SettingsStore) => store.set('hours', Number(store.get('days')) * 24),
  ];

  it('are brought up to date step by step', () => {
    const store = storeOf({ version: 1, weeks: 2 });
    migrateSettings(store, steps);
    expect(store.content).toMatchObject({ version: 3, days: 14, hours: 336 });
  });

  it('go on where an interrupted migration stopped', () => {
    const store = storeOf({ version: 2, days: 3 });
    migrateSettings(store, steps);
    expect(store.content).toEqual({ version: 3, days: 3, hours: 72 });
  });

  it('that were never written need no step', () => {
    const store = storeOf({});
    migrateSettings(store, steps);
    expect(store.content).toEqual({ version: 3 });
  });

  it('are refused when they come from a newer version, and stay as they are', () => {
    const store = storeOf({ version: 4, days: 3 });
    expect(() => migrateSettings(store, steps)).toThrow(/newer version/);
    expect(store.content).toEqual({ version: 4, days: 3 });
  });
});
