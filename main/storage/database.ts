import { DatabaseSync } from 'node:sqlite';

/**
 * Opens the studio's database (SQLite, write-ahead log), making it where there is none.
 * `path` may be `:memory:`.
 */
export function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  db.exec(
    'CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
  );
  return db;
}

/**
 * Brings one component's tables up to date: `steps` are SQL scripts, each applied exactly once
 * and in order. Never edit a step that has shipped; add another.
 */
export function migrate(db: DatabaseSync, component: string, steps: readonly string[]): void {
  const row = db.prepare('SELECT version FROM schema_versions WHERE component = ?').get(component);
  const done = Number(row?.version ?? 0);
  if (done > steps.length) {
    throw new Error(
      `The data of "${component}" was written by a newer version of Swarm Studio (schema ${done}, this one knows ${steps.length}). Update the app, or use another data folder.`,
    );
  }
  for (const [index, sql] of steps.entries()) {
    if (index < done) continue;
    inTransaction(db, () => {
      db.exec(sql);
      db.prepare(
        'INSERT INTO schema_versions (component, version) VALUES (?, ?) ON CONFLICT (component) DO UPDATE SET version = excluded.version',
      ).run(component, index + 1);
    });
  }
}

/** Runs `work` in one transaction: all of it lands, or none. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
