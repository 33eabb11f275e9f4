import { describe, expect, it } from 'vitest';
import {
  countPlaywright,
  countVitest,
  describeTally,
  settle,
  sum,
} from '../../../scripts/checks/tally.mjs';

const nothing = { passed: 0, failed: 0, skipped: 0 };

describe('counting the results', () => {
  it('counts what Vitest ran, and a file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('counts what Playwright ran, and a test that passed only the second time as a failure', () => {
    const report = {
      stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 },
      errors: [{ message: 'the configuration is broken' }],
    };
    expect(countPlaywright(report)).toEqual({ passed: 4, failed: 3, skipped: 2 });
  });

  it('fails a run that executed no test, wrote no report or failed outside any test', () => {
    expect(settle(nothing, true)).toMatchObject({ tally: { failed: 1 }, note: 'ran no test' });
    expect(settle(undefined, true)).toMatchObject({
      tally: { failed: 1 },
      note: 'wrote no report',
    });
    expect(settle({ ...nothing, passed: 9 }, false)).toEqual({
      tally: { passed: 9, failed: 1, skipped: 0 },
      note: 'failed outside any test',
    });
  });

  it('takes a good run as it is', () => {
    const good = { passed: 9, failed: 0, skipped: 1 };
    expect(settle(good, true)).toEqual({ tally: good, note: '' });
  });

  it('ends with one plain line, which speaks of skipped tests only when there are some', () => {
    const total = sum([
      { passed: 2, failed: 0, skipped: 0 },
      { passed: 1, failed: 1, skipped: 0 },
    ]);
    expect(describeTally(total)).toBe('3 passed, 1 failed');
    expect(describeTally({ ...total, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
