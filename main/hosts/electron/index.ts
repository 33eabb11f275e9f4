import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { defaultDataFolder } from '../data-folder.ts';
import { parseLaunchOptions, USAGE } from '../launch-options.ts';
import { launchProblemOf } from '../launch-problem.ts';
import { problemLine } from '../readiness.ts';
import { registerAppScheme } from './app-scheme.ts';
import { claimDataFolder, runElectronStudio } from './run-electron-studio.ts';

// Before anything is awaited: too late once the app is ready.
registerAppScheme();

const args = process.argv.slice(1);
const json = args.includes('--json');
const besideBuild = (path: string) => fileURLToPath(new URL(path, import.meta.url));

try {
  const flags = parseLaunchOptions(args, 'lenient');
  if (flags.help) {
    process.stdout.write(USAGE);
    app.exit(0);
  } else {
    const options = {
      ...flags,
      dataDir: flags.dataDir ?? defaultDataFolder(process.platform, process.env, homedir()),
      usualPlace: flags.dataDir === undefined,
      uiDir: besideBuild('../renderer'),
      preload: besideBuild('../preload/index.cjs'),
      icon: besideBuild('../../resources/icon.png'),
    };
    const claim = await claimDataFolder(options);
    // Not awaited: the app is not ready before this module is done.
    if (claim) runElectronStudio(options, claim).catch(giveUp);
    else app.exit(0);
  }
} catch (error) {
  giveUp(error);
}

function giveUp(error: unknown): void {
  const problem = launchProblemOf(error);
  process.stderr.write(`${problem.message}\n`);
  if (json) process.stdout.write(problemLine(problem));
  else dialog.showErrorBox('Swarm Studio can’t start', problem.message);
  app.exit(problem.exitCode);
}
