import { join } from 'node:path';
import { findOnPath, isExecutable } from './executables.mjs';
import { runQuietly } from './run-quietly.mjs';

const DOWNLOAD_TIMEOUT_MS = 20_000;

/**
 * @param {string} platform
 * @returns {string} how a person gets ffmpeg there
 */
export function ffmpegAdvice(platform) {
  if (platform === 'darwin') return 'Install it with: brew install ffmpeg';
  if (platform === 'win32') return 'Install it with: winget install ffmpeg';
  return 'Install the package ffmpeg of your distribution, e.g. with: sudo apt-get install ffmpeg';
}

/**
 * Looks for ffmpeg: the one of ffmpeg-static, then the PATH, then (as root) Debian's package.
 *
 * @param {object} context
 * @param {string} context.root
 * @param {string} context.node a Node 24
 * @param {boolean} context.withProbe whether ffprobe is wanted too, which ffmpeg-static doesn't have
 * @param {import('./terminal.mjs').Terminal} context.terminal
 * @param {import('./apt.mjs').Apt} context.apt
 * @returns {Promise<{ path: string } | { problem: string }>} `problem`: what is missing and what to do
 */
export async function ensureFfmpeg({ root, node, withProbe, terminal, apt }) {
  let path = findFfmpeg(root, withProbe);
  if (path === undefined && !withProbe) {
    await terminal.during('Fetching ffmpeg-static', () =>
      runQuietly(node, [join(root, 'node_modules', 'ffmpeg-static', 'install.js')], {
        cwd: root,
        timeoutMs: DOWNLOAD_TIMEOUT_MS,
      }),
    );
    path = findFfmpeg(root, withProbe);
  }
  let reason = '';
  if (path === undefined && apt.family !== undefined) {
    reason = ` ${(await apt.install(['ffmpeg'])).problem}`;
    path = findFfmpeg(root, withProbe);
  }
  if (path !== undefined) return { path };
  const missing = withProbe ? 'ffmpeg and ffprobe were not found.' : 'ffmpeg was not found.';
  return { problem: `${missing} ${ffmpegAdvice(process.platform)}${reason.trimEnd()}` };
}

/**
 * @param {string} root
 * @param {boolean} withProbe
 * @returns {string | undefined}
 */
function findFfmpeg(root, withProbe) {
  const onPath = findOnPath('ffmpeg');
  if (withProbe) return findOnPath('ffprobe') && onPath;
  const file = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const packaged = join(root, 'node_modules', 'ffmpeg-static', file);
  return isExecutable(packaged) ? packaged : onPath;
}
