import { chooseHost, hasDisplay } from './choose-host.mjs';
import { findElectron, installElectron } from './electron.mjs';
import { SetupError } from './setup-error.mjs';
import { readStamp, updateStamp } from './stamp.mjs';

/**
 * Decides which host runs, fetching Electron's binary where that is worth a try.
 *
 * @param {object} context
 * @param {string} context.root
 * @param {string} context.node a Node 24
 * @param {import('./flags.mjs').StartFlags} context.flags
 * @param {import('./terminal.mjs').Terminal} context.terminal
 * @returns {Promise<{ use: import('./choose-host.mjs').HostKind, why: string }>}
 * @throws {SetupError} `no-display`, `electron-missing`: what `--host` asked for can't be had
 */
export async function settleHost({ root, node, flags, terminal }) {
  const failedAt = readStamp(root).electronFailedAt;
  /** @param {string | undefined} failure */
  const choose = (failure) =>
    chooseHost({
      requested: flags.host,
      hasDisplay: hasDisplay(process.platform, process.env),
      wantsWindow: flags.open,
      electronInstalled: findElectron(root) !== undefined,
      failure,
      failedAgoMs: failedAt === undefined ? undefined : Date.now() - Date.parse(failedAt),
    });

  let choice = choose(undefined);
  if ('fetchElectron' in choice) {
    const failure = await installElectron({ root, node, terminal });
    if (failure !== undefined) {
      updateStamp(root, { electronFailedAt: new Date().toISOString() }, terminal);
    }
    choice = choose(failure);
  }
  if ('use' in choice) return choice;
  if ('refuse' in choice) throw new SetupError(choice.code, choice.refuse);
  throw new SetupError(
    'electron-missing',
    'The installer of Electron ended well, but its binary is not there. Delete node_modules/electron and start again.',
  );
}
