import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, runQuietly } from '../setup/run-quietly.mjs';
import { readJson } from '../setup/stamp.mjs';
import { formatSeconds } from '../setup/terminal.mjs';
import { countPlaywright, countVitest, describeTally, oneCheck, settle } from './tally.mjs';

const SHOWN_LINES = 400;

/**
 * @typedef {object} StepContext
 * @property {string} root
 * @property {string} node a Node 24
 * @property {NodeJS.ProcessEnv} env
 * @property {import('../setup/terminal.mjs').Terminal} terminal
 * @property {string[]} [wrapper] what the command is put behind, e.g. `xvfb-run -a`
 */

/**
 * Runs one step: a line when it passed, its output as well when it didn't.
 *
 * @param {import('./steps.mjs').Step} step
 * @param {StepContext} context
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runStep(step, { root, node, env, terminal, wrapper = [] }) {
  const startedAt = Date.now();
  const scratch = mkdtempSync(join(tmpdir(), 'swarm-report-'));
  const report = join(scratch, 'report.json');
  const [program = node, ...args] = [...wrapper, node, ...step.command];
  if (step.kind === 'vitest') {
    args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  }
  try {
    const outcome = await terminal.during(step.title, (detail) =>
      runQuietly(program, args, {
        cwd: root,
        env: { ...env, SWARM_PLAYWRIGHT_REPORT: report },
        onLine: (line) => detail(testName(line)),
      }),
    );
    const { tally, note } =
      step.kind === 'check'
        ? { tally: oneCheck(outcome.ok), note: outcome.why }
        : settle(count(step.kind, readJson(report)), outcome.ok);
    if (tally.failed > 0) terminal.say(`\n${lastLines(outcome.output, SHOWN_LINES)}\n`);
    const elapsed = formatSeconds(Date.now() - startedAt);
    const mark = tally.failed > 0 ? '✗' : '✓';
    const remark = note === '' ? '' : `: ${note}`;
    terminal.say(`${mark} ${step.title}: ${describeTally(tally)} (${elapsed})${remark}`);
    return tally;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {'vitest' | 'playwright'} kind
 * @param {unknown} report
 */
function count(kind, report) {
  if (report === undefined) return undefined;
  return kind === 'vitest'
    ? countVitest(/** @type {import('./tally.mjs').VitestReport} */ (report))
    : countPlaywright(/** @type {import('./tally.mjs').PlaywrightReport} */ (report));
}

/**
 * @param {string} line of a runner's output
 * @returns {string} the test or file it speaks of, short enough for one line
 */
function testName(line) {
  return line.trim().slice(0, 90);
}
