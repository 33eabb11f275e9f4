import { join } from 'node:path';
import { isExecutable, onPath } from '../on-path.ts';

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const WINDOWS_PATHS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/**
 * A browser of Chromium's kind, for a window without an address bar. `SWARM_CHROMIUM` names one
 * outright; else the usual places are looked through.
 */
export function findChromium(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (env.SWARM_CHROMIUM) return env.SWARM_CHROMIUM;
  return platform === 'linux'
    ? onPath(LINUX_NAMES, env)
    : usualPlaces(platform, env).find((path) => isExecutable(path));
}

function usualPlaces(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') {
    return MAC_APPS.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA];
  return roots.flatMap((root) => (root ? WINDOWS_PATHS.map((path) => join(root, ...path)) : []));
}
