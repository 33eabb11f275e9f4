import { describe, expect, it } from 'vitest';
import { STEPS, selectSteps } from '../../../scripts/checks/steps.mjs';

const names = (args: string[]) => selectSteps(args).map((step) => step.title);

describe('which checks npm test runs', () => {
  it('runs all of them when nothing is said', () => {
    expect(selectSteps([])).toBe(STEPS);
  });

  it('runs those that --only names, in the usual order', () => {
    expect(names(['--only', 'unit,format'])).toEqual(['format, lint and layers', 'unit tests']);
    expect(names(['--only=types'])).toEqual(['types', 'types of the window']);
  });

  it.each([
    [['--only', 'unti'], /no "unti".*format,types,unit,integration,e2e/],
    [['--only'], /not understood/],
    [['--only', ''], /not understood/],
    [['unit'], /not understood/],
    [['--only', 'unit', 'e2e'], /not understood/],
    [['--only=unit', 'e2e'], /not understood/],
  ])('refuses %j and lists what there is', (args, sentence) => {
    expect(() => selectSteps(args)).toThrowError(
      expect.objectContaining({
        code: 'bad-arguments',
        exitCode: 2,
        message: expect.stringMatching(sentence),
      }),
    );
  });
});
