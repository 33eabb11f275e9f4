import { readFileSync } from 'node:fs';
import { findOnPath } from './executables.mjs';
import { lastLines, runQuietly } from './run-quietly.mjs';
import { formatSeconds } from './terminal.mjs';

/**
 * Debian's packages, where this process may install them.
 *
 * @typedef {object} Apt
 * @property {'debian' | 'ubuntu' | undefined} family whose packages these are; `undefined` where it isn't for us to install any
 * @property {(names: string[]) => Promise<{ ok: boolean, problem: string }>} install
 */

/**
 * @param {string} osRelease the text of `/etc/os-release`
 * @returns {'debian' | 'ubuntu' | undefined}
 */
export function debianFamily(osRelease) {
  /** @param {string} key */
  const field = (key) =>
    (new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '').split(' ');
  const ids = [...field('ID'), ...field('ID_LIKE')];
  if (ids.includes('ubuntu')) return 'ubuntu';
  return ids.includes('debian') ? 'debian' : undefined;
}

/**
 * @param {{ terminal: import('./terminal.mjs').Terminal }} context
 * @returns {Apt}
 */
export function createApt({ terminal }) {
  const mayInstall = process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
  const family = mayInstall ? debianFamily(readOsRelease()) : undefined;
  let updated = false;
  /** @param {string[]} args */
  const aptGet = (args) =>
    runQuietly(
      'apt-get',
      ['-y', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', ...args],
      {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      },
    );
  return {
    family,
    async install(names) {
      const startedAt = Date.now();
      const list = names.join(', ');
      terminal.say(`Installing Debian's ${list}.`);
      const outcome = await terminal.during(`Installing ${list}`, async (detail) => {
        if (!updated) {
          detail('reading the package lists');
          // One unreachable source fails the whole update; the package may come from another.
          updated = (await aptGet(['update'])).ok;
          detail('');
        }
        return aptGet(['install', '--no-install-recommends', ...names]);
      });
      if (outcome.ok) {
        terminal.say(`${list} installed in ${formatSeconds(Date.now() - startedAt)}.`);
        return { ok: true, problem: '' };
      }
      return { ok: false, problem: `apt-get ${outcome.why}:\n${lastLines(outcome.output, 8)}` };
    },
  };
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return '';
    throw error;
  }
}
