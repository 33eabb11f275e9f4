import { join } from 'node:path';
import { findOnPath, isExecutable } from './executables.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];

/**
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]} where Chromium and its kin lie when they aren't on the PATH
 */
export function wellKnownPlaces(platform, env) {
  if (platform === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    );
  }
  if (platform === 'win32') {
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Chromium', 'Application', 'chrome.exe'),
        join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]);
  }
  return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'];
}

/**
 * @param {NodeJS.ProcessEnv} [env] `SWARM_CHROMIUM` names one outright
 * @returns {string | undefined} the path of a Chromium, Chrome or Edge
 */
export function findChromium(env = process.env) {
  if (env.SWARM_CHROMIUM) return isExecutable(env.SWARM_CHROMIUM) ? env.SWARM_CHROMIUM : undefined;
  for (const name of NAMES) {
    const path = findOnPath(name, env);
    if (path !== undefined) return path;
  }
  return wellKnownPlaces(process.platform, env).find(isExecutable);
}

/**
 * Finds a Chromium, or (as root on Debian) installs one.
 *
 * @param {{ apt: import('./apt.mjs').Apt }} context
 * @returns {Promise<{ path: string } | { problem: string }>} `problem`: what is missing and what to do
 */
export async function ensureChromium({ apt }) {
  if (process.env.SWARM_CHROMIUM && findChromium() === undefined) {
    return {
      problem: `SWARM_CHROMIUM names ${process.env.SWARM_CHROMIUM}, which can't be run. Correct it or unset it.`,
    };
  }
  let path = findChromium();
  let reason = '';
  // Ubuntu's package of that name is a snap, which doesn't install in a container.
  if (path === undefined && apt.family === 'debian') {
    reason = ` ${(await apt.install(['chromium', 'fonts-liberation'])).problem}`;
    path = findChromium();
  }
  if (path !== undefined) return { path };
  return {
    problem: `No Chromium, Chrome or Edge was found. Install one, or name it with SWARM_CHROMIUM=/path/to/chromium.${reason.trimEnd()}`,
  };
}
