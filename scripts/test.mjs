import { runStep } from './checks/run-steps.mjs';
import { selectSteps } from './checks/steps.mjs';
import { describeTally, oneCheck, sum } from './checks/tally.mjs';
import { launch, ROOT } from './setup/launcher.mjs';
import { prepare } from './setup/prepare.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { createTerminal } from './setup/terminal.mjs';

await launch(async () => {
  const steps = selectSteps(process.argv.slice(2));
  const terminal = createTerminal(process.stdout);
  /** @type {import('./checks/tally.mjs').Tally[]} */
  const tallies = [];
  try {
    const outside = steps.some(({ name }) => name === 'integration' || name === 'e2e');
    const needs = {
      ffmpeg: outside,
      chromium: outside,
      coturn: outside,
      redis: outside,
      speech: outside,
    };
    const { node, env } = await prepare({ root: ROOT, terminal, needs });
    for (const step of steps) {
      // The tests from here on run what was built.
      if (step.name === 'integration' || step.name === 'e2e') {
        await prepare({ root: ROOT, terminal, needs: { build: true } });
      }
      tallies.push(await runStep(step, { root: ROOT, node, env, terminal }));
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    terminal.say(`\n${error.details}\n${error.message} (${error.code})`);
    tallies.push(oneCheck(false));
  }
  const total = sum(tallies);
  terminal.say(describeTally(total));
  return total.failed > 0 ? 1 : 0;
});
