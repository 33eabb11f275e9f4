import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../storage/database.ts';
import { defaultDataFolder } from '../data-folder.ts';
import { LaunchProblem } from '../launch-problem.ts';

/** Where a node's data lies when nothing else was said: beside a studio's, never in it. */
export function defaultNodeFolder(): string {
  const studio = defaultDataFolder(process.platform, process.env, homedir());
  return join(dirname(studio), 'swarm-node');
}

/** The node's database in its data folder. */
export function nodeDatabase(dataDir: string): string {
  return join(dataDir, 'node.db');
}

/**
 * The database of a node that has run on this data folder, whether it runs now or not. Throws
 * `bad-arguments` where there has been none.
 */
export function openNodeDatabase(dataDir: string): DatabaseSync {
  const path = nodeDatabase(dataDir);
  if (existsSync(path)) return openDatabase(path);
  throw new LaunchProblem(
    'bad-arguments',
    `There is no node in ${dataDir}. Start one there first (npm run node), or name its folder with --data DIR.`,
  );
}
