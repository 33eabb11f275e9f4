import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Enrolment } from '../../../protocol/enrolment.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Scope } from '../../../protocol/identity.ts';
import { type Clock, isoTime } from '../../clock.ts';
import { inTransaction, migrate } from '../../storage/database.ts';

const STEPS = [
  `CREATE TABLE enrolment_invites (
     token_hash TEXT PRIMARY KEY,
     uses_left INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE enrolments (
     user_id TEXT PRIMARY KEY,
     enrolled_at TEXT NOT NULL
   ) STRICT`,
];

/** What people may do on a node without being enrolled: join rooms, and help where a host asks. */
const VISITOR_SCOPES: readonly Scope[] = ['stream:join', 'stream:moderate'];

/** How long the two processes that share the database wait for each other. */
const BUSY_TIMEOUT_MS = 2_000;

/** Who may create rooms on a community's node. Tokens are kept by their hash alone. */
export class Enrolments {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #open: boolean;

  /** @param options.open everybody counts as enrolled. */
  constructor(options: { db: DatabaseSync; clock: Clock; open: boolean }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#open = options.open;
    this.#db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    migrate(this.#db, 'enrolments', STEPS);
  }

  /**
   * Makes an invitation to enrol and answers its token, which is known to nobody else.
   *
   * @param uses how many people it enrols.
   * @param lifetimeMs how long it can be used.
   */
  invite(uses: number, lifetimeMs: number): string {
    const token = randomBytes(32).toString('base64url');
    this.#db
      .prepare('INSERT INTO enrolment_invites (token_hash, uses_left, expires_at) VALUES (?, ?, ?)')
      .run(hashOf(token), uses, this.#clock() + lifetimeMs);
    return token;
  }

  /**
   * Enrols somebody by an invitation. Who is enrolled already stays so and uses nothing up.
   * Throws `invite-invalid`, `invite-expired`, `invite-used`.
   */
  enrol(userId: string, token: string): Enrolment {
    return inTransaction(this.#db, () => {
      const before = this.#find(userId);
      if (before) return before;
      this.#use(hashOf(token));
      const enrolment = { userId, enrolledAt: isoTime(this.#clock()) };
      this.#db
        .prepare('INSERT INTO enrolments (user_id, enrolled_at) VALUES (?, ?)')
        .run(userId, enrolment.enrolledAt);
      return enrolment;
    });
  }

  /** What a member's session may do on this node. */
  readonly scopesOf = (userId: string): readonly Scope[] =>
    this.#open || this.#find(userId) ? Scope.options : VISITOR_SCOPES;

  #find(userId: string): Enrolment | undefined {
    const row = this.#db.prepare('SELECT * FROM enrolments WHERE user_id = ?').get(userId);
    return row && { userId, enrolledAt: String(row.enrolled_at) };
  }

  #use(tokenHash: string): void {
    const invite = this.#db
      .prepare('SELECT uses_left, expires_at FROM enrolment_invites WHERE token_hash = ?')
      .get(tokenHash);
    if (!invite) {
      throw new ProtocolError(
        'invite-invalid',
        'This is no invitation of this node’s. Check that it was copied whole.',
      );
    }
    if (this.#clock() >= Number(invite.expires_at)) {
      throw new ProtocolError(
        'invite-expired',
        'This invitation to enrol has expired. Ask whoever runs the node for a new one.',
      );
    }
    if (Number(invite.uses_left) < 1) {
      throw new ProtocolError(
        'invite-used',
        'This invitation to enrol has been used up. Ask whoever runs the node for your own.',
      );
    }
    this.#db
      .prepare('UPDATE enrolment_invites SET uses_left = uses_left - 1 WHERE token_hash = ?')
      .run(tokenHash);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
