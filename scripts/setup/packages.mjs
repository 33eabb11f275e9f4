import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { firstLines, runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';
import { readJson, readStamp, updateStamp } from './stamp.mjs';
import { formatSeconds } from './terminal.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * Compares the lock file with the one npm leaves in `node_modules` when an installation is done.
 *
 * @param {Lock} lock `package-lock.json`
 * @param {Lock} installed `node_modules/.package-lock.json`
 * @param {{ platform: string, arch: string }} machine
 * @returns {string[]} the packages this machine should have and hasn't, or has in another version
 */
export function missingPackages(lock, installed, machine) {
  const present = installed.packages ?? {};
  const wished = new Set(Object.keys(lock.packages?.['']?.optionalDependencies ?? {}));
  const isWished = (/** @type {string} */ path) => wished.has(path.slice('node_modules/'.length));
  return Object.entries(lock.packages ?? {})
    .filter(([path]) => path.startsWith('node_modules/'))
    .filter(([path, entry]) => isNeeded(entry, machine, isWished(path)))
    .filter(([path, entry]) => present[path]?.version !== entry.version)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

/**
 * @param {LockEntry} entry
 * @param {{ platform: string, arch: string }} machine
 * @param {boolean} isWished the project itself asks for it; a plain `npm ci` leaves it out where its
 *   install script fails, which does not matter to us: we run none
 */
function isNeeded(entry, { platform, arch }, isWished) {
  if (!entry.optional) return true;
  // Which C library this is, and whether another optional package wanted this one, is npm's to know.
  if (entry.libc !== undefined) return false;
  if (entry.os === undefined && entry.cpu === undefined) return isWished;
  return (entry.os ?? [platform]).includes(platform) && (entry.cpu ?? [arch]).includes(arch);
}

/**
 * Installs the packages of the lock file unless they are there. Install scripts are not run:
 * nothing that matters needs one, and some want a network this machine may not have.
 *
 * @param {{ root: string, terminal: import('./terminal.mjs').Terminal }} context
 * @throws {SetupError} `packages-failed`
 */
export async function ensurePackages({ root, terminal }) {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const machine = { platform: process.platform, arch: process.arch };
  const packages = createHash('sha256')
    .update(`${machine.platform}-${machine.arch}\n${lockText}`)
    .digest('hex');
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed !== undefined) {
    if (readStamp(root).packages === packages) return;
    if (
      missingPackages(JSON.parse(lockText), /** @type {Lock} */ (installed), machine).length === 0
    ) {
      updateStamp(root, { packages }, terminal);
      return;
    }
  }
  terminal.say(
    existsSync(join(root, 'node_modules'))
      ? 'The packages in node_modules are not those of package-lock.json: installing them again.'
      : 'Installing the packages (the first time only).',
  );
  await install(root, terminal);
  updateStamp(root, { packages }, terminal);
}

/**
 * npm leaves out optional packages that ask for a newer Node than the one it runs on: with a newer
 * one they are installed beside the others.
 *
 * @param {{ root: string, node: string, terminal: import('./terminal.mjs').Terminal }} context
 * @throws {SetupError} `packages-failed`
 */
export async function ensureLeftOutPackages({ root, node, terminal }) {
  const { packages, leftOut } = readStamp(root);
  if (node === process.execPath || (leftOut !== undefined && leftOut === packages)) return;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  const machine = { platform: process.platform, arch: process.arch };
  const missing = missingPackages(lock, /** @type {Lock} */ (installed ?? {}), machine);
  if (missing.length > 0) {
    terminal.say(`Installing what asks for a newer Node: ${missing.join(', ')}.`);
    await install(root, terminal, { node, npmArgs: ['install', '--no-save'] });
  }
  updateStamp(root, { leftOut: packages ?? '' }, terminal);
}

/**
 * @param {string} root
 * @param {import('./terminal.mjs').Terminal} terminal
 * @param {{ node?: string, npmArgs?: string[] }} [how] the Node that npm runs on
 */
async function install(root, terminal, { node = process.execPath, npmArgs = ['ci'] } = {}) {
  const startedAt = Date.now();
  const { command, prefix } = npmCommand(process.env, node, process.platform);
  const PATH = [dirname(node), process.env.PATH ?? ''].join(delimiter);
  const outcome = await terminal.during('Installing packages', () =>
    runQuietly(
      command,
      [
        ...prefix,
        ...npmArgs,
        '--ignore-scripts',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        '--loglevel=error',
        '--fetch-retry-mintimeout=2000',
        '--fetch-retry-maxtimeout=10000',
      ],
      { cwd: root, ...(node !== process.execPath && { env: { ...process.env, PATH } }) },
    ),
  );
  if (!outcome.ok) {
    throw new SetupError(
      'packages-failed',
      `npm ${npmArgs[0]} ${outcome.why}; its own words are above. If it could not reach the registry, or the disk is full, correct that; then start again.`,
      // npm tells the cause first and its general advice after it.
      { details: firstLines(outcome.output, 15) },
    );
  }
  terminal.say(`Packages installed in ${formatSeconds(Date.now() - startedAt)}.`);
}

/**
 * The npm that started us, else the one on the PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} node
 * @param {string} platform
 * @returns {{ command: string, prefix: string[] }}
 */
export function npmCommand(env, node, platform) {
  const running = env.npm_execpath;
  if (running !== undefined && /[\\/]npm-cli\.c?js$/.test(running)) {
    return { command: node, prefix: [running] };
  }
  return { command: platform === 'win32' ? 'npm.cmd' : 'npm', prefix: [] };
}
