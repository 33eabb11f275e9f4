import { existsSync } from 'node:fs';
import { findOnPath } from './executables.mjs';
import { runQuietly } from './run-quietly.mjs';

/**
 * Finds `redis-server`, or (as root on Debian and Ubuntu) installs it. Only tests need it.
 *
 * @param {{ apt: import('./apt.mjs').Apt }} context
 * @returns {Promise<{ path: string } | { problem: string }>} `problem`: what is missing and what to do
 */
export async function ensureRedis({ apt }) {
  let path = findOnPath('redis-server');
  let reason = '';
  if (path === undefined && apt.family !== undefined) {
    const { problem } = await apt.install(['redis-server']);
    reason = problem ? ` ${problem}` : '';
    path = findOnPath('redis-server');
    if (path !== undefined) await stopService();
  }
  if (path !== undefined) return { path };
  return {
    problem: `redis-server was not found. Install Redis 7 or newer, e.g. with: sudo apt-get install redis-server.${reason}`,
  };
}

/** Debian's package starts a server of its own; tests start theirs. */
async function stopService() {
  if (!existsSync('/run/systemd/system')) return;
  await runQuietly('systemctl', ['disable', '--now', 'redis-server.service']);
}
