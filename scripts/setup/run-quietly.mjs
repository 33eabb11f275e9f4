import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';

const KEPT_BYTES = 256 * 1024;
const POLL_MS = 1000;

/**
 * @typedef {object} Outcome
 * @property {boolean} ok it ended by itself with code 0
 * @property {string} why one phrase: `ended with code 1`, `was stopped after 20 s`, …
 * @property {string} output what it printed, stdout and stderr as they came, without colours; the last 256 KiB
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] it is stopped after this
 * @property {number} [silenceMs] it is stopped when it printed nothing and `progressBytes` stood still for this long
 * @property {() => number} [progressBytes] what it has fetched so far, asked for once a second
 * @property {(line: string) => void} [onLine] each line as it comes
 */

/**
 * Runs a tool with its noise kept aside. Never rejects: a tool that can't be started is an
 * outcome too. If this process is asked to stop meanwhile, the tool is stopped first.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a batch file there
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    });
    const releaseSignals = stopWithUs(child);
    let output = '';
    let stopped = '';
    const watch = watchTime(options, (why) => {
      stopped = why;
      child.kill('SIGKILL');
    });
    const listen = lineSplitter(options.onLine);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (/** @type {string} */ text) => {
        watch.heard();
        output = (output + text).slice(-KEPT_BYTES);
        listen(text);
      });
    }
    /** @param {string} why */
    const end = (why) => {
      watch.dispose();
      releaseSignals();
      resolve({ ok: why === '', why, output: stripVTControlCharacters(output) });
    };
    child.once('error', (error) => end(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (stopped !== '') end(stopped);
      else if (code === 0) end('');
      else end(signal === null ? `ended with code ${code}` : `was stopped by ${signal}`);
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function stopWithUs(child) {
  const handlers = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']).map((signal) => {
    const handler = () => {
      child.kill(signal);
      process.exit(128 + constants.signals[signal]);
    };
    process.once(signal, handler);
    return () => void process.removeListener(signal, handler);
  });
  return () => {
    for (const release of handlers) release();
  };
}

/**
 * @param {RunOptions} options
 * @param {(why: string) => void} stop
 */
function watchTime({ timeoutMs, silenceMs, progressBytes }, stop) {
  const startedAt = Date.now();
  let lastSignAt = startedAt;
  let bytes = progressBytes?.() ?? 0;
  const timer = setInterval(() => {
    const now = Date.now();
    const fetched = progressBytes?.() ?? 0;
    if (fetched !== bytes) lastSignAt = now;
    bytes = fetched;
    if (timeoutMs !== undefined && now - startedAt > timeoutMs) {
      stop(`was stopped after ${Math.round(timeoutMs / 1000)} s`);
    } else if (silenceMs !== undefined && now - lastSignAt > silenceMs) {
      stop(`was stopped after ${Math.round(silenceMs / 1000)} s without a sign of life`);
    }
  }, POLL_MS);
  return {
    heard: () => {
      lastSignAt = Date.now();
    },
    dispose: () => clearInterval(timer),
  };
}

/** @param {((line: string) => void) | undefined} onLine */
function lineSplitter(onLine) {
  let rest = '';
  return (/** @type {string} */ text) => {
    if (onLine === undefined) return;
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(stripVTControlCharacters(line));
  };
}

/**
 * @param {string} output
 * @param {number} count
 * @returns {string} the last `count` lines that say something
 */
export function lastLines(output, count) {
  return sayingLines(output).slice(-count).join('\n');
}

/**
 * @param {string} output
 * @param {number} count
 * @returns {string} the first `count` lines that say something
 */
export function firstLines(output, count) {
  return sayingLines(output).slice(0, count).join('\n');
}

/** @param {string} output */
function sayingLines(output) {
  return output.split(/\r?\n/).filter((line) => line.trim() !== '');
}
