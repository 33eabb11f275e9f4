import { type Replica, ReplicaIndex } from '../../replicas/volunteer/replica-index.ts';
import { LaunchProblem } from '../launch-problem.ts';
import { defaultNodeFolder, openNodeDatabase } from './node-files.ts';
import type { CopiesOptions } from './node-options.ts';

/** How long the processes that share the database wait for each other. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Prints what the node of this data folder keeps of others' recordings, or drops one: its files go
 * within a minute while the node runs, else at its next start. Throws `bad-arguments`.
 */
export function runCopies(options: CopiesOptions): void {
  const db = openNodeDatabase(options.dataDir ?? defaultNodeFolder());
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    const index = new ReplicaIndex(db);
    if (options.drop === undefined) {
      process.stdout.write(listOf(index, options.json));
      return;
    }
    const replica = index.get(options.drop);
    if (!replica) {
      throw new LaunchProblem(
        'bad-arguments',
        `There is no copy of ${options.drop} here. "npm run node -- copies" lists those that are.`,
      );
    }
    // Else its host would bring it again, as one that was lost.
    index.bury(options.drop, replica.hostUserId);
    index.remove(options.drop);
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ dropped: options.drop })}\n`
        : `The copy of ${options.drop} is dropped, and is not taken again. Its files go within a minute, or at the node’s next start.\n`,
    );
  } finally {
    db.close();
  }
}

function listOf(index: ReplicaIndex, json: boolean): string {
  const copies = index.all().map((replica) => describe(replica, index));
  if (json) return `${JSON.stringify({ copies })}\n`;
  if (copies.length === 0) return 'This node keeps no copies.\n';
  const lines = copies.map(
    ({ recordingId, hostUserId, heldBytes, sizeBytes, keepUntil }) =>
      `${recordingId}  ${hostUserId}  ${megabytes(heldBytes)} of ${megabytes(sizeBytes)} MB  until ${keepUntil}`,
  );
  const total = copies.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  return `${[...lines, `${copies.length} copies, ${megabytes(total)} MB`].join('\n')}\n`;
}

function describe({ recordingId, hostUserId, sizeBytes, terms }: Replica, index: ReplicaIndex) {
  const heldBytes = index.heldBytes(recordingId);
  return { recordingId, hostUserId, heldBytes, sizeBytes, keepUntil: terms.keepUntil };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
