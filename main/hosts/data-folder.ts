import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LaunchProblem } from './launch-problem.ts';

/**
 * Where the platform keeps an app's data that does not travel to other machines (recordings are
 * large): `~/.local/share` (XDG), `~/Library/Application Support`, `%LOCALAPPDATA%`.
 */
export function defaultDataFolder(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  home: string,
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Swarm Studio');
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Swarm Studio');
  }
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'swarm-studio');
}

/**
 * Makes the folder where there is none and writes to it once. Throws `data-folder-unwritable`.
 * A new folder is for this user alone.
 */
export async function prepareDataFolder(dir: string): Promise<void> {
  const probe = join(dir, `.write-test-${process.pid}`);
  try {
    await makeFolder(dir);
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LaunchProblem(
      'data-folder-unwritable',
      `The data folder ${dir} can't be written (${reason}). Give yourself write access to it, or choose another with --data DIR.`,
      { cause: error },
    );
  }
}

/**
 * Makes a folder and those above it. Not by `mkdir`'s own `recursive`: where a folder exists but
 * takes no new ones and says ENOENT (as /proc does), Node 24 tries again for ever.
 */
async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await mkdir(dir, { mode: 0o700 });
  }
}
