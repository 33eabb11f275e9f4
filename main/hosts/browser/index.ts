import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defaultDataFolder } from '../data-folder.ts';
import { parseLaunchOptions, USAGE } from '../launch-options.ts';
import { launchProblemOf } from '../launch-problem.ts';
import { problemLine } from '../readiness.ts';
import { runBrowserStudio } from './run-browser-studio.ts';

const args = process.argv.slice(2);
try {
  const options = parseLaunchOptions(args, 'strict');
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    await runBrowserStudio({
      ...options,
      dataDir: options.dataDir ?? defaultDataFolder(process.platform, process.env, homedir()),
      uiDir: fileURLToPath(new URL('../renderer', import.meta.url)),
    });
  }
} catch (error) {
  const problem = launchProblemOf(error);
  process.stderr.write(`${problem.message}\n`);
  if (args.includes('--json')) process.stdout.write(problemLine(problem));
  process.exit(problem.exitCode);
}
