import type { LibraryJob } from '../../../protocol/recording-library.ts';
import { launchProblemOf } from '../launch-problem.ts';
import { problemLine } from '../readiness.ts';
import { parseRecordingsCommand, RECORDINGS_USAGE } from './command-line.ts';
import { runCommand } from './run-command.ts';

const args = process.argv.slice(2);
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupted.abort());
}

try {
  const command = parseRecordingsCommand(args);
  if (command.command === 'help') process.stdout.write(RECORDINGS_USAGE);
  else {
    const progress = command.json || !process.stderr.isTTY ? () => undefined : showProgress;
    const result = await runCommand(command, { progress, signal: interrupted.signal });
    const text = command.json ? JSON.stringify(result.json) : result.lines.join('\n');
    process.stdout.write(`${text}\n`);
    process.exitCode = result.exitCode;
  }
} catch (error) {
  const problem = launchProblemOf(error);
  process.stderr.write(`${problem.message}\n`);
  if (args.includes('--json')) process.stdout.write(problemLine(problem));
  process.exitCode = problem.exitCode;
}

/** One line that is written over, gone when the job is over. */
function showProgress({ kind, title, progress, state }: LibraryJob): void {
  const line =
    state === 'running' ? `${kind} ${Math.round(progress * 100)} %  ${title.slice(0, 60)}` : '';
  process.stderr.write(`\r\u001b[K${line}`);
}
