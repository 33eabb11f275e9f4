import { fileURLToPath } from 'node:url';
import { launchProblemOf } from '../launch-problem.ts';
import { problemLine } from '../readiness.ts';
import { NODE_USAGE, parseNodeOptions } from './node-options.ts';
import { runCopies } from './run-copies.ts';
import { runInvite } from './run-invite.ts';
import { runNode } from './run-node.ts';

const args = process.argv.slice(2);
try {
  const options = parseNodeOptions(args);
  if (options.command === 'help') process.stdout.write(NODE_USAGE);
  else if (options.command === 'invite') await runInvite(options);
  else if (options.command === 'copies') runCopies(options);
  else await runNode(options, fileURLToPath(new URL('../renderer', import.meta.url)));
} catch (error) {
  const problem = launchProblemOf(error);
  process.stderr.write(`${problem.message}\n`);
  if (args.includes('--json')) process.stdout.write(problemLine(problem));
  process.exit(problem.exitCode);
}
