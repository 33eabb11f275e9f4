import { launchProblemOf } from '../../../main/hosts/launch-problem.ts';
import { parseNodeOptions } from '../../../main/hosts/node/node-options.ts';
import { runInvite } from '../../../main/hosts/node/run-invite.ts';
import { runNode } from '../../../main/hosts/node/run-node.ts';

/** The node's program from its sources: what the build makes of `main/hosts/node/index.ts`. */
const [uiDir = '', ...args] = process.argv.slice(2);
try {
  const options = parseNodeOptions(args);
  if (options.command === 'invite') await runInvite(options);
  else if (options.command === 'run') await runNode(options, uiDir);
} catch (error) {
  const problem = launchProblemOf(error);
  process.stderr.write(`${problem.message}\n`);
  process.exit(problem.exitCode);
}
