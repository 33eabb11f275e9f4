import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the set-up remembers between starts. It lies in `node_modules`, so that it goes when they go.
 *
 * @typedef {object} Stamp
 * @property {string} [packages] the fingerprint of the lock file that was installed, and for which platform
 * @property {string} [leftOut] the same, once what an older Node left out was looked for
 * @property {string} [electronFailedAt] ISO 8601: when Electron's binary could not be fetched
 */

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.swarm-setup');

/**
 * @param {string} root the project's folder
 * @returns {Stamp} empty when there is none, or none that can be read as one
 */
export function readStamp(root) {
  const parsed = readJson(stampPath(root));
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}

/**
 * Adds to what is remembered. Where `node_modules` can't be written, it says so and goes on: then
 * the check is made again at each start.
 *
 * @param {string} root
 * @param {Stamp} patch
 * @param {import('./terminal.mjs').Terminal} terminal
 */
export function updateStamp(root, patch, terminal) {
  try {
    writeFileSync(stampPath(root), `${JSON.stringify({ ...readStamp(root), ...patch })}\n`);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    terminal.say(
      `node_modules can't be written (${code}): this set-up is checked again each time.`,
    );
  }
}

/**
 * @param {string} path
 * @returns {unknown} `undefined` when there is no such file, or it isn't JSON
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}
