import { runStep } from './checks/run-steps.mjs';
import { ELECTRON_STEP } from './checks/steps.mjs';
import { describeTally } from './checks/tally.mjs';
import { createApt } from './setup/apt.mjs';
import { hasDisplay } from './setup/choose-host.mjs';
import { findElectron } from './setup/electron.mjs';
import { findOnPath } from './setup/executables.mjs';
import { launch, ROOT } from './setup/launcher.mjs';
import { prepare } from './setup/prepare.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { createTerminal } from './setup/terminal.mjs';

await launch(async () => {
  const terminal = createTerminal(process.stdout);
  const { node } = await prepare({ root: ROOT, terminal, needs: {} });
  if (findElectron(ROOT) === undefined) {
    throw new SetupError(
      'electron-missing',
      "Electron's binary is not here. Fetch it with: node node_modules/electron/install.js (it comes from Electron's releases on GitHub), or unpack an Electron yourself and name its folder with ELECTRON_OVERRIDE_DIST_PATH.",
    );
  }
  const wrapper = await displayWrapper(terminal);
  const { env } = await prepare({ root: ROOT, terminal, needs: { ffmpeg: true, build: true } });
  delete env.ELECTRON_RUN_AS_NODE;
  const tally = await runStep(ELECTRON_STEP, { root: ROOT, node, env, terminal, wrapper });
  terminal.say(describeTally(tally));
  return tally.failed > 0 ? 1 : 0;
});

/**
 * @param {import('./setup/terminal.mjs').Terminal} terminal
 * @returns {Promise<string[]>} what gives a window somewhere to be shown
 */
async function displayWrapper(terminal) {
  if (hasDisplay(process.platform, process.env)) return [];
  const apt = createApt({ terminal });
  if (findOnPath('xvfb-run') === undefined && apt.family !== undefined) {
    await apt.install(['xvfb', 'xauth']);
  }
  if (findOnPath('xvfb-run') !== undefined) return ['xvfb-run', '-a'];
  throw new SetupError(
    'no-display',
    'Electron needs a display, and there is none. Install xvfb and xauth, e.g. with: sudo apt-get install xvfb xauth',
  );
}
