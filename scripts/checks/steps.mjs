import { SetupError } from '../setup/setup-error.mjs';

/**
 * @typedef {object} Step
 * @property {string} name as `--only` knows it
 * @property {string} title
 * @property {'check' | 'vitest' | 'playwright'} kind who counts: nobody, or the runner's report
 * @property {string[]} command what Node runs, relative to the project's folder
 */

const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts'];
const PLAYWRIGHT = ['node_modules/@playwright/test/cli.js', 'test', '--config'];

/**
 * In the order in which they run: the quick ones first.
 *
 * @type {readonly Step[]}
 */
export const STEPS = [
  {
    name: 'format',
    title: 'format, lint and layers',
    kind: 'check',
    command: ['node_modules/@biomejs/biome/bin/biome', 'ci', '.'],
  },
  {
    name: 'types',
    title: 'types',
    kind: 'check',
    command: ['node_modules/typescript/bin/tsc', '-p', '.'],
  },
  {
    name: 'types',
    title: 'types of the window',
    kind: 'check',
    command: ['node_modules/typescript/bin/tsc', '-p', 'renderer'],
  },
  {
    name: 'unit',
    title: 'unit tests',
    kind: 'vitest',
    command: [...VITEST, '--project', 'unit'],
  },
  {
    name: 'integration',
    title: 'integration tests',
    kind: 'vitest',
    command: [...VITEST, '--project', 'integration'],
  },
  {
    name: 'e2e',
    title: 'end-to-end tests',
    kind: 'playwright',
    command: [...PLAYWRIGHT, 'tests/e2e/playwright.config.ts'],
  },
];

/** Part of `npm run test:electron`, not of `npm test`: it needs Electron's binary and a display. */
export const ELECTRON_STEP = /** @type {const} @satisfies {Step} */ ({
  name: 'electron',
  title: 'tests in Electron',
  kind: 'playwright',
  command: [...PLAYWRIGHT, 'tests/electron/playwright.config.ts'],
});

/**
 * @param {string[]} args what follows `npm test --`
 * @returns {readonly Step[]} all of them, or those that `--only a,b` names
 * @throws {SetupError} `bad-arguments`, exit code 2
 */
export function selectSteps(args) {
  if (args.length === 0) return STEPS;
  const known = [...new Set(STEPS.map((step) => step.name))];
  const list = onlyList(args);
  const unknown = list?.find((name) => !known.includes(name));
  if (list === undefined || unknown !== undefined) {
    const problem =
      unknown === undefined
        ? `"${args.join(' ')}" is not understood.`
        : `There is no "${unknown}".`;
    throw new SetupError(
      'bad-arguments',
      `${problem} Use npm test, or npm test -- --only with some of ${known.join(',')}.`,
      { exitCode: 2 },
    );
  }
  return STEPS.filter((step) => list.includes(step.name));
}

/**
 * @param {string[]} args
 * @returns {string[] | undefined}
 */
function onlyList(args) {
  const [flag, value] = (args[0] ?? '').startsWith('--only=')
    ? ['--only', args[0]?.slice('--only='.length)]
    : args;
  const rest = args.length - (args[0] === '--only' ? 2 : 1);
  return flag === '--only' && value && rest === 0 ? value.split(',') : undefined;
}
