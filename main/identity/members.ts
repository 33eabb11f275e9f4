import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Profile } from '../../protocol/identity.ts';
import { type Clock, isoTime } from '../clock.ts';
import { migrate } from '../storage/database.ts';

const STEPS = [
  `CREATE TABLE members (
     user_id TEXT PRIMARY KEY,
     public_key TEXT NOT NULL,
     handle TEXT NOT NULL UNIQUE,
     display_name TEXT NOT NULL,
     seen_at TEXT NOT NULL
   ) STRICT`,
];

/** Who is known on this node, and which key each handle belongs to. Tells who is renamed. */
export class Members extends EventEmitter<{ renamed: [Profile] }> {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  constructor(options: { db: DatabaseSync; clock: Clock }) {
    super();
    this.#db = options.db;
    this.#clock = options.clock;
    migrate(this.#db, 'members', STEPS);
  }

  /**
   * Reserves the handle for this key, and frees the one it had before.
   * Throws `handle-taken` when it belongs to another key.
   */
  claim(profile: Profile): void {
    this.requireFree(profile.handle, profile.userId);
    const before = this.get(profile.userId);
    this.#db
      .prepare(
        `INSERT INTO members (user_id, public_key, handle, display_name, seen_at)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (user_id) DO UPDATE SET handle = excluded.handle,
           display_name = excluded.display_name, seen_at = excluded.seen_at`,
      )
      .run(
        profile.userId,
        profile.publicKey,
        profile.handle,
        profile.displayName,
        isoTime(this.#clock()),
      );
    if (!before) return;
    if (before.handle !== profile.handle || before.displayName !== profile.displayName) {
      this.emit('renamed', profile);
    }
  }

  /** Throws `handle-taken` when the handle belongs to somebody else than `userId`. */
  requireFree(handle: string, userId: string): void {
    const owner = this.byHandle(handle);
    if (!owner || owner.userId === userId) return;
    throw new ProtocolError(
      'handle-taken',
      `The handle "${handle}" belongs to somebody else on this node. Choose another one.`,
    );
  }

  byHandle(handle: string): Profile | undefined {
    return profileOf(this.#db.prepare('SELECT * FROM members WHERE handle = ?').get(handle));
  }

  /** Whoever was here last comes first. */
  latest(limit: number): Profile[] {
    return this.#db
      .prepare('SELECT * FROM members ORDER BY seen_at DESC, user_id LIMIT ?')
      .all(limit)
      .flatMap((row) => profileOf(row) ?? []);
  }

  get(userId: string): Profile | undefined {
    return profileOf(this.#db.prepare('SELECT * FROM members WHERE user_id = ?').get(userId));
  }
}

function profileOf(row: Record<string, unknown> | undefined): Profile | undefined {
  if (!row) return undefined;
  return {
    userId: String(row.user_id),
    publicKey: String(row.public_key),
    handle: String(row.handle),
    displayName: String(row.display_name),
  };
}
