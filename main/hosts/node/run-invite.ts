import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../clock.ts';
import { openDatabase } from '../../storage/database.ts';
import { LaunchProblem } from '../launch-problem.ts';
import { Enrolments } from './enrolments.ts';
import { defaultNodeFolder, nodeDatabase } from './node-files.ts';
import type { InviteOptions } from './node-options.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a running node leaves in its data folder. */
const Running = z.object({ address: z.string() });

/**
 * Makes an invitation to enrol on the node of this data folder, running or not, and prints it.
 * Throws `bad-arguments` where there has been no node.
 */
export async function runInvite(options: InviteOptions): Promise<void> {
  const dataDir = options.dataDir ?? defaultNodeFolder();
  const path = nodeDatabase(dataDir);
  await access(path).catch((cause: unknown) => {
    throw new LaunchProblem(
      'bad-arguments',
      `There is no node in ${dataDir}. Start one there first (npm run node), or name its folder with --data DIR.`,
      { cause },
    );
  });
  const db = openDatabase(path);
  try {
    const enrolments = new Enrolments({ db, clock: systemClock, open: false });
    const token = enrolments.invite(options.uses, options.days * DAY_MS);
    const address = await runningAddress(dataDir);
    process.stdout.write(invitationText(options, token, address));
  } finally {
    db.close();
  }
}

async function runningAddress(dataDir: string): Promise<string | undefined> {
  try {
    return Running.parse(JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8'))).address;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function invitationText(
  options: InviteOptions,
  token: string,
  address: string | undefined,
): string {
  const { uses, days, json } = options;
  if (json) return `${JSON.stringify({ token, uses, days, address })}\n`;
  return [
    `An invitation to enrol, for ${uses === 1 ? 'one person' : `${uses} people`} within ${days === 1 ? 'a day' : `${days} days`}:`,
    `  Token  ${token}`,
    `  Node   ${address ?? 'not running now'}`,
    '',
  ].join('\n');
}
