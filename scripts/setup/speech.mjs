import { findOnPath } from './executables.mjs';

const PROGRAMS = ['espeak-ng', 'pocketsphinx_continuous'];

/**
 * Finds a speech synthesiser and a recogniser, or (as root on Debian and Ubuntu) installs them. Only
 * tests need them.
 *
 * @param {{ apt: import('./apt.mjs').Apt }} context
 * @returns {Promise<{ paths: string[] } | { problem: string }>} `problem`: what is missing and what to do
 */
export async function ensureSpeech({ apt }) {
  let reason = '';
  if (missing().length > 0 && apt.family !== undefined) {
    const packages = ['espeak-ng', 'pocketsphinx', 'pocketsphinx-en-us'];
    const { problem } = await apt.install(packages);
    reason = problem ? ` ${problem}` : '';
  }
  const left = missing();
  if (left.length === 0) return { paths: PROGRAMS };
  return {
    problem: `${left.join(' and ')} could not be found. Install espeak-ng and pocketsphinx with its English model.${reason}`,
  };
}

function missing() {
  return PROGRAMS.filter((name) => findOnPath(name) === undefined);
}
