import { delimiter, dirname } from 'node:path';
import { createApt } from './apt.mjs';
import { ensureBuild } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureCoturn } from './coturn.mjs';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensureNode24 } from './node24.mjs';
import { ensureLeftOutPackages, ensurePackages } from './packages.mjs';
import { ensureRedis } from './redis.mjs';
import { SetupError } from './setup-error.mjs';
import { ensureSpeech } from './speech.mjs';

/**
 * @typedef {object} Needs
 * @property {boolean} [ffmpeg] ffmpeg and ffprobe
 * @property {boolean} [chromium]
 * @property {boolean} [coturn] a TURN server for tests; where it can't be had, they say so and go on without
 * @property {boolean} [redis] a Redis server for tests, in the same way
 * @property {boolean} [speech] a speech recogniser and a synthesiser for tests, in the same way
 * @property {boolean} [build]
 *
 * @typedef {object} Prepared
 * @property {string} node a Node 24
 * @property {NodeJS.ProcessEnv} env that Node first on the PATH, and `SWARM_CHROMIUM` where Chromium was asked for
 */

/**
 * Sets up what a development command can't do without.
 *
 * @param {{ root: string, terminal: import('./terminal.mjs').Terminal, needs: Needs }} context
 * @returns {Promise<Prepared>}
 * @throws {SetupError}
 */
export async function prepare({ root, terminal, needs }) {
  await ensurePackages({ root, terminal });
  const node = await ensureNode24({ root });
  await ensureLeftOutPackages({ root, node, terminal });
  const env = withNode(process.env, node);
  const apt = createApt({ terminal });
  if (needs.ffmpeg) {
    const found = await ensureFfmpeg({ root, node, withProbe: true, terminal, apt });
    if ('problem' in found) throw new SetupError('ffmpeg-missing', found.problem);
  }
  if (needs.chromium) {
    const found = await ensureChromium({ apt });
    if ('problem' in found) throw new SetupError('chromium-missing', found.problem);
    env.SWARM_CHROMIUM = found.path;
  }
  if (needs.coturn) {
    const found = await ensureCoturn({ apt });
    if ('problem' in found) terminal.say(`Tests of TURN are left out: ${found.problem}`);
  }
  if (needs.redis) {
    const found = await ensureRedis({ apt });
    if ('problem' in found) terminal.say(`Tests of several nodes are left out: ${found.problem}`);
  }
  if (needs.speech) {
    const found = await ensureSpeech({ apt });
    if ('problem' in found) terminal.say(`Tests of transcripts are left out: ${found.problem}`);
  }
  if (needs.build) await ensureBuild({ root, node, terminal });
  return { node, env };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} node
 * @returns {NodeJS.ProcessEnv} in which `node` means this one, for the tools that ask by name
 */
export function withNode(env, node) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [key]: [dirname(node), env[key] ?? ''].join(delimiter) };
}
