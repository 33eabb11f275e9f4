/** A failed download of Electron isn't tried again before this, so that a start stays quick. */
export const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * @typedef {'electron' | 'browser'} HostKind
 *
 * @typedef {object} HostFacts
 * @property {HostKind | undefined} requested by `--host`
 * @property {boolean} hasDisplay
 * @property {boolean} wantsWindow false with `--no-open`
 * @property {boolean} electronInstalled
 * @property {string | undefined} failure why Electron could not be fetched just now
 * @property {number | undefined} failedAgoMs how long ago an earlier fetch failed
 *
 * @typedef {{ use: HostKind, why: string } | { fetchElectron: true } | { refuse: string, code: string }} HostChoice
 */

/**
 * Electron where there is a display and its binary is there or can be fetched; else the browser
 * host. What `--host` asks for is done or refused, never replaced.
 *
 * @param {HostFacts} facts
 * @returns {HostChoice}
 */
export function chooseHost(facts) {
  if (facts.requested === 'browser') return { use: 'browser', why: 'asked for with --host' };
  if (facts.requested === 'electron') return requestedElectron(facts);
  if (!facts.hasDisplay) return { use: 'browser', why: 'this machine has no display' };
  if (!facts.wantsWindow) return { use: 'browser', why: '--no-open asks for no window' };
  if (facts.electronInstalled) return { use: 'electron', why: 'its binary is here' };
  if (facts.failure !== undefined) {
    return { use: 'browser', why: `Electron could not be fetched: ${facts.failure}` };
  }
  if (facts.failedAgoMs !== undefined && facts.failedAgoMs < RETRY_AFTER_MS) {
    return {
      use: 'browser',
      why: 'Electron could not be fetched within the last day; try again with --host electron',
    };
  }
  return { fetchElectron: true };
}

/**
 * @param {HostFacts} facts
 * @returns {HostChoice}
 */
function requestedElectron(facts) {
  if (!facts.hasDisplay) {
    return {
      code: 'no-display',
      refuse:
        'Electron needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set. Start it under xvfb-run, or use --host browser.',
    };
  }
  if (facts.electronInstalled) return { use: 'electron', why: 'asked for with --host' };
  if (facts.failure === undefined) return { fetchElectron: true };
  return {
    code: 'electron-missing',
    refuse: `Electron could not be fetched: ${facts.failure}. Unpack an Electron yourself and name its folder with ELECTRON_OVERRIDE_DIST_PATH, or use --host browser.`,
  };
}

/**
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether a window can be shown
 */
export function hasDisplay(platform, env) {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
