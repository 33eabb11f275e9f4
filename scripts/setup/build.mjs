import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';
import { readJson } from './stamp.mjs';
import { formatSeconds } from './terminal.mjs';

const SOURCES = [
  'main',
  'preload',
  'protocol',
  'renderer',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];
/** What a build leaves, at least. */
export const OUTPUTS = [
  'out/main/electron.js',
  'out/main/browser.js',
  'out/main/node.js',
  'out/main/recordings.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];
const STAMP = 'out/.built-from.json';

/**
 * By content rather than by time: a fresh clone or a change of branch sets all times anew.
 *
 * @param {string} root
 * @returns {string} changes when anything changes that the build reads
 */
export function sourceFingerprint(root) {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesUnder(root, source)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]} relative to the root, in an order that is the same everywhere
 */
function filesUnder(root, path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(absolute, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = `${path}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(root, child) : entry.isFile() ? [child] : [];
    });
}

/**
 * @param {string} root
 * @returns {boolean} whether `out` is the build of these sources
 */
export function isBuildCurrent(root) {
  if (!OUTPUTS.every((output) => existsSync(join(root, output)))) return false;
  const stamp = /** @type {{ sources?: string } | undefined} */ (readJson(join(root, STAMP)));
  return stamp?.sources === sourceFingerprint(root);
}

/**
 * Builds `out` with electron-vite unless it is current.
 *
 * @param {object} context
 * @param {string} context.root
 * @param {string} context.node a Node 24
 * @param {import('./terminal.mjs').Terminal} context.terminal
 * @param {boolean} [context.force] build even if it is current
 * @throws {SetupError} `build-failed`
 */
export async function ensureBuild({ root, node, terminal, force = false }) {
  if (!force && isBuildCurrent(root)) return;
  const startedAt = Date.now();
  // Taken first: what changes during the build makes it stale.
  const sources = sourceFingerprint(root);
  rmSync(join(root, STAMP), { force: true });
  const outcome = await terminal.during('Building the studio', () =>
    runQuietly(node, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    }),
  );
  const absent = OUTPUTS.filter((output) => !existsSync(join(root, output)));
  if (!outcome.ok || absent.length > 0) {
    const why = outcome.ok ? `did not write ${absent.join(', ')}` : outcome.why;
    throw new SetupError(
      'build-failed',
      `The build ${why}. The lines above say where; correct it, then start again.`,
      { details: lastLines(outcome.output, 30) },
    );
  }
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, STAMP), `${JSON.stringify({ sources })}\n`);
  terminal.say(`Studio built in ${formatSeconds(Date.now() - startedAt)}.`);
}
