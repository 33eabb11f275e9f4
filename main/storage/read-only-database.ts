import { DatabaseSync } from 'node:sqlite';

/** How long a write of the studio's is waited for. */
const PATIENCE_MS = 5000;

/**
 * Opens a studio's database to read it, also while the studio writes it (SQLite's write-ahead log
 * lets both go on). Nothing can be changed through it.
 */
export function openDatabaseReadOnly(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: PATIENCE_MS });
}
