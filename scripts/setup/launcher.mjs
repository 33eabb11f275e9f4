import { resolve } from 'node:path';
import { isAtLeast, LAUNCHER_NODE } from './node24.mjs';
import { SetupError } from './setup-error.mjs';

/** The project's folder. */
export const ROOT = resolve(import.meta.dirname, '..', '..');

/**
 * Runs a launcher: its result is the exit code, and a set-up step that fails ends it with what to
 * do. With `--json` among the arguments the failure is one line of JSON on stdout as well.
 *
 * @param {() => Promise<number>} main
 */
export async function launch(main) {
  try {
    if (!isAtLeast(process.version, LAUNCHER_NODE)) {
      throw new SetupError(
        'node-too-old',
        `Swarm Studio starts with Node ${LAUNCHER_NODE} or newer, and this is ${process.version}. Install a newer Node from https://nodejs.org and start again.`,
      );
    }
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.details !== '') process.stderr.write(`${error.details}\n\n`);
    process.stderr.write(`${error.message} (${error.code})\n`);
    if (process.argv.includes('--json')) {
      const { code, message } = error;
      process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    }
    process.exitCode = error.exitCode;
  }
}
