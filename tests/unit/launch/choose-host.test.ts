import { describe, expect, it } from 'vitest';
import {
  chooseHost,
  type HostFacts,
  hasDisplay,
  RETRY_AFTER_MS,
} from '../../../scripts/setup/choose-host.mjs';

const desktop: HostFacts = {
  requested: undefined,
  hasDisplay: true,
  wantsWindow: true,
  electronInstalled: true,
  failure: undefined,
  failedAgoMs: undefined,
};
const bareDesktop = { ...desktop, electronInstalled: false };

describe('which host runs', () => {
  it('is Electron on a desktop that has its binary', () => {
    expect(chooseHost(desktop)).toMatchObject({ use: 'electron' });
  });

  it('tries to fetch Electron on a desktop without its binary', () => {
    expect(chooseHost(bareDesktop)).toEqual({ fetchElectron: true });
  });

  it('is the browser host, with the reason, when Electron could not be fetched', () => {
    const choice = chooseHost({ ...bareDesktop, failure: 'no network' });
    expect(choice).toEqual({ use: 'browser', why: 'Electron could not be fetched: no network' });
  });

  it('is the browser host without another try for a day after a failure', () => {
    const soon = chooseHost({ ...bareDesktop, failedAgoMs: RETRY_AFTER_MS - 1 });
    expect(soon).toMatchObject({ use: 'browser' });
    const nextDay = chooseHost({ ...bareDesktop, failedAgoMs: RETRY_AFTER_MS });
    expect(nextDay).toEqual({ fetchElectron: true });
  });

  it('is the browser host where there is no display, and Electron is never fetched there', () => {
    const choice = chooseHost({ ...bareDesktop, hasDisplay: false });
    expect(choice).toEqual({ use: 'browser', why: 'this machine has no display' });
  });

  it('is the browser host with --no-open, which Electron could not keep', () => {
    expect(chooseHost({ ...desktop, wantsWindow: false })).toMatchObject({ use: 'browser' });
  });

  it('is what --host asks for', () => {
    expect(chooseHost({ ...desktop, requested: 'browser' })).toMatchObject({ use: 'browser' });
    expect(chooseHost({ ...desktop, requested: 'electron' })).toMatchObject({ use: 'electron' });
  });

  it('tries again after a failure when --host asks for Electron', () => {
    const choice = chooseHost({ ...bareDesktop, requested: 'electron', failedAgoMs: 1 });
    expect(choice).toEqual({ fetchElectron: true });
  });

  it('refuses rather than replaces what --host asks for', () => {
    const asked: HostFacts = { ...bareDesktop, requested: 'electron' };
    expect(chooseHost({ ...asked, hasDisplay: false })).toMatchObject({ code: 'no-display' });
    expect(chooseHost({ ...asked, failure: 'no network' })).toMatchObject({
      code: 'electron-missing',
      refuse: expect.stringContaining('no network'),
    });
  });

  it('finds a display on X11 and Wayland, and none on a bare Linux', () => {
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('darwin', {})).toBe(true);
  });
});
