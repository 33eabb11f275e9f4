import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './setup-error.mjs';

/**
 * Ctrl-C reaches this process twice when npm started it: from the terminal and, forwarded, from
 * npm. Within this time two signals are one wish.
 */
export const SAME_WISH_MS = 400;

/**
 * @typedef {'forward' | 'ignore' | 'kill'} SignalAction
 */

/**
 * The first signal asks the child to stop cleanly; a later one stops it at once.
 *
 * @param {() => number} now milliseconds of any steady clock
 * @returns {() => SignalAction} what to do with the signal that has just come
 */
export function signalPolicy(now) {
  /** @type {number | undefined} */
  let firstAt;
  return () => {
    if (firstAt === undefined) {
      firstAt = now();
      return 'forward';
    }
    return now() - firstAt < SAME_WISH_MS ? 'ignore' : 'kill';
  };
}

/**
 * Runs a program in the foreground, hands signals on to it and waits for its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 * @throws {SetupError} `start-failed`
 */
export function supervise(command, args, options = {}) {
  const isWindows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: 'inherit',
      // Its own process group, so that it hears of Ctrl-C once, from here.
      detached: !isWindows,
    });
    const act = signalPolicy(() => performance.now());
    /** @param {NodeJS.Signals} signal */
    const onSignal = (signal) => {
      const action = act();
      if (action === 'kill') child.kill('SIGKILL');
      // On Windows the console has told the child already, and kill() would not be a question.
      else if (action === 'forward' && !isWindows) {
        child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      }
    };
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, onSignal);
    const release = () => {
      for (const signal of signals) process.removeListener(signal, onSignal);
    };
    child.once('error', (error) => {
      release();
      reject(
        new SetupError(
          'start-failed',
          `${command} could not be started: ${error.message}. Delete node_modules and start again.`,
        ),
      );
    });
    child.once('close', (code, signal) => {
      release();
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}
