import { existsSync } from 'node:fs';
import { findOnPath } from './executables.mjs';
import { runQuietly } from './run-quietly.mjs';

/**
 * Finds coturn's `turnserver`, or (as root on Debian and Ubuntu) installs it. Only tests need it.
 *
 * @param {{ apt: import('./apt.mjs').Apt }} context
 * @returns {Promise<{ path: string } | { problem: string }>} `problem`: what is missing and what to do
 */
export async function ensureCoturn({ apt }) {
  let path = findOnPath('turnserver');
  let reason = '';
  if (path === undefined && apt.family !== undefined) {
    const { problem } = await apt.install(['coturn']);
    reason = problem ? ` ${problem}` : '';
    path = findOnPath('turnserver');
    if (path !== undefined) await stopService();
  }
  if (path !== undefined) return { path };
  return { problem: `coturn was not found. ${coturnAdvice(process.platform)}${reason}` };
}

/**
 * @param {string} platform
 * @returns {string} how a person gets coturn there
 */
export function coturnAdvice(platform) {
  if (platform === 'darwin') return 'Install it with: brew install coturn';
  if (platform === 'win32') return 'There is none for Windows: its tests are left out.';
  return 'Install the package coturn of your distribution, e.g. with: sudo apt-get install coturn';
}

/** Debian's package starts a server that the whole network reaches; tests start their own. */
async function stopService() {
  if (!existsSync('/run/systemd/system')) return;
  await runQuietly('systemctl', ['disable', '--now', 'coturn.service']);
}
