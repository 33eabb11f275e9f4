import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultDataFolder } from '../data-folder.ts';

/** Where a node's data lies when nothing else was said: beside a studio's, never in it. */
export function defaultNodeFolder(): string {
  const studio = defaultDataFolder(process.platform, process.env, homedir());
  return join(dirname(studio), 'swarm-node');
}

/** The node's database in its data folder. */
export function nodeDatabase(dataDir: string): string {
  return join(dataDir, 'node.db');
}
