import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { enrolmentLink } from '../../../protocol/node-link.ts';
import { systemClock } from '../../clock.ts';
import { Running } from '../data-folder-lock.ts';
import { Enrolments } from './enrolments.ts';
import { defaultNodeFolder, openNodeDatabase } from './node-files.ts';
import type { InviteOptions } from './node-options.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes an invitation to enrol on the node of this data folder, running or not, and prints it.
 * Throws `bad-arguments` where there has been no node.
 */
export async function runInvite(options: InviteOptions): Promise<void> {
  const dataDir = options.dataDir ?? defaultNodeFolder();
  const db = openNodeDatabase(dataDir);
  try {
    const enrolments = new Enrolments({ db, clock: systemClock, open: false });
    const token = enrolments.invite(options.uses, options.days * DAY_MS);
    process.stdout.write(invitationText(options, token, await runningNode(dataDir)));
  } finally {
    db.close();
  }
}

type RunningNode = Pick<z.infer<typeof Running>, 'address' | 'fingerprint'>;

async function runningNode(dataDir: string): Promise<RunningNode | undefined> {
  try {
    return Running.parse(JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function invitationText(
  options: InviteOptions,
  token: string,
  node: RunningNode | undefined,
): string {
  const { uses, days, json } = options;
  const { address, fingerprint } = node ?? {};
  const link =
    address === undefined
      ? undefined
      : enrolmentLink({
          origin: address,
          token,
          ...(fingerprint !== undefined && { fingerprint }),
        });
  if (json) return `${JSON.stringify({ token, uses, days, address, link })}\n`;
  return [
    `An invitation to enrol, for ${uses === 1 ? 'one person' : `${uses} people`} within ${days === 1 ? 'a day' : `${days} days`}:`,
    ...(link === undefined
      ? [
          `  Token  ${token}`,
          'The node is not running: its link is its address followed by /enrol#token= and the token.',
        ]
      : [`  ${link}`, 'Paste it in Swarm Studio: your name, “Home”.']),
    '',
  ].join('\n');
}
