import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExecutable } from './executables.mjs';
import { lastLines, runQuietly } from './run-quietly.mjs';

const SILENCE_MS = 20_000;
const MEBIBYTE = 1024 * 1024;

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env] `ELECTRON_OVERRIDE_DIST_PATH` as the electron package understands it
 * @returns {string | undefined} the path of Electron's binary, if it is there
 */
export function findElectron(root, env = process.env) {
  const folder = join(root, 'node_modules', 'electron');
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH;
  const file = binaryName(folder) ?? (dist ? defaultBinaryName(process.platform) : undefined);
  if (file === undefined) return undefined;
  const path = join(dist || join(folder, 'dist'), file);
  return isExecutable(path) ? path : undefined;
}

/** @param {string} folder */
function binaryName(folder) {
  try {
    return readFileSync(join(folder, 'path.txt'), 'utf8').trim();
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} platform */
function defaultBinaryName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * Fetches Electron's binary, which its package leaves to the first run.
 *
 * @param {{ root: string, node: string, terminal: import('./terminal.mjs').Terminal }} context
 * @returns {Promise<string | undefined>} `undefined` when it is there now, else why not
 */
export async function installElectron({ root, node, terminal }) {
  const folder = join(root, 'node_modules', 'electron');
  const scratch = mkdtempSync(join(tmpdir(), 'swarm-electron-'));
  const before = folderBytes(folder);
  const fetched = () => folderBytes(scratch) + folderBytes(folder) - before;
  terminal.say("Fetching Electron's binary (about 120 MB, the first time only).");
  try {
    const outcome = await terminal.during("Fetching Electron's binary", (detail) =>
      runQuietly(node, [join(folder, 'install.js')], {
        cwd: root,
        // Its own progress bar needs a terminal: the size of its scratch folder tells as much.
        env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
        silenceMs: SILENCE_MS,
        progressBytes: () => {
          const bytes = fetched();
          if (bytes > 0) detail(`${Math.round(bytes / MEBIBYTE)} MB so far`);
          return bytes;
        },
      }),
    );
    if (outcome.ok && findElectron(root) !== undefined) return undefined;
    return failureReason(outcome);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {import('./run-quietly.mjs').Outcome} outcome */
function failureReason(outcome) {
  const network =
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|CERT_\w+|fetch failed/.exec(
      outcome.output,
    );
  if (network !== null) return `its download server can't be reached (${network[0]})`;
  const message = /^\w*Error: .*$/m.exec(outcome.output)?.[0] ?? lastLines(outcome.output, 1);
  return message === '' ? `its installer ${outcome.why}` : message;
}

/**
 * @param {string} folder
 * @returns {number}
 */
function folderBytes(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
      .reduce((total, size) => total + size, 0);
  } catch (error) {
    // A download is moved away when it is complete, between the listing and the look at it.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return 0;
    throw error;
  }
}
