/**
 * How many tests passed, failed and were skipped. A check that has no tests of its own is one.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Tally
 */

/**
 * @param {boolean} ok
 * @returns {Tally}
 */
export const oneCheck = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/**
 * A run counts as failed at least once when its runner says so, whatever its report says: a file
 * that can't be loaded, an error outside any test and a missing report are failures too.
 *
 * @param {Tally | undefined} reported `undefined` when there is no report
 * @param {boolean} ok whether the runner ended with code 0
 * @returns {{ tally: Tally, note: string }} `note`: what the report doesn't show, or empty
 */
export function settle(reported, ok) {
  if (reported === undefined) return { tally: oneCheck(false), note: 'wrote no report' };
  if (reported.failed > 0) return { tally: reported, note: '' };
  if (!ok) return { tally: { ...reported, failed: 1 }, note: 'failed outside any test' };
  if (reported.passed === 0) return { tally: { ...reported, failed: 1 }, note: 'ran no test' };
  return { tally: reported, note: '' };
}

/**
 * @typedef {object} VitestReport what `--reporter=json` of Vitest writes, as far as it is read here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests skipped
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults one per file
 */

/**
 * @param {VitestReport} report
 * @returns {Tally} a file that failed before its first test counts as one failed test
 */
export function countVitest(report) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * @typedef {object} PlaywrightReport what the JSON reporter of Playwright writes, as far as it is read here
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {unknown[]} errors those outside any test
 */

/**
 * @param {PlaywrightReport} report
 * @returns {Tally} a test that passed only on a second try counts as failed
 */
export function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  return total;
}

/**
 * @param {Tally} tally
 * @returns {string} e.g. `212 passed, 0 failed`
 */
export function describeTally({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
