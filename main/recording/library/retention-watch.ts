import type { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../storage/database.ts';
import {
  type ClockSighting,
  hasJumpedAhead,
  heldUntil,
  type OwnClockSighting,
} from './retention-clock.ts';

const STEPS = [
  `CREATE TABLE retention_clock (
     only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
     last_seen INTEGER NOT NULL,
     held_until INTEGER NOT NULL
   ) STRICT`,
];

/** Watches the clock that retention goes by, from start to start. */
export class RetentionWatch {
  readonly #db: DatabaseSync;
  #before: ClockSighting | undefined;
  #heldUntilMs = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'retention-clock', STEPS);
    const row = db.prepare('SELECT last_seen, held_until FROM retention_clock').get();
    if (!row) return;
    this.#before = { wallMs: Number(row.last_seen) };
    this.#heldUntilMs = Number(row.held_until);
  }

  /** Milliseconds since the epoch; until then nothing is deleted by date. */
  get heldUntilMs(): number {
    return this.#heldUntilMs;
  }

  /** Looks at the clock; to be called before anything is deleted by date. */
  look(now: OwnClockSighting, retentionMs: number): { jumped: boolean } {
    const jumped = this.#before !== undefined && hasJumpedAhead(this.#before, now);
    this.#heldUntilMs = heldUntil(this.#heldUntilMs, jumped, now.wallMs, retentionMs);
    this.#before = now;
    this.#db
      .prepare(
        `INSERT INTO retention_clock (only_row, last_seen, held_until) VALUES (1, ?, ?)
         ON CONFLICT (only_row) DO UPDATE SET last_seen = excluded.last_seen,
           held_until = excluded.held_until`,
      )
      .run(Math.round(now.wallMs), Math.round(this.#heldUntilMs));
    return { jumped };
  }
}
