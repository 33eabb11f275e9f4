import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { CopyState } from '../../../protocol/replicas.ts';
import type { KnownNode } from '../../home/home.ts';
import { inTransaction, migrate } from '../../storage/database.ts';

const STEPS = [
  `CREATE TABLE volunteers (
     origin TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     certificate TEXT,
     -- 0: only to delete what it has.
     takes_copies INTEGER NOT NULL DEFAULT 1
   ) STRICT;
   CREATE TABLE copies (
     recording_id TEXT NOT NULL,
     origin TEXT NOT NULL,
     state TEXT NOT NULL,
     held_bytes INTEGER NOT NULL DEFAULT 0,
     size_bytes INTEGER NOT NULL DEFAULT 0,
     terms_key TEXT,
     proven_at INTEGER,
     failing_since INTEGER,
     trouble TEXT,
     PRIMARY KEY (recording_id, origin)
   ) STRICT;`,
];

/** A copy on another node, as its host last knew it. Times are ms since the epoch. */
export interface Copy {
  recordingId: string;
  origin: string;
  state: CopyState;
  heldBytes: number;
  sizeBytes: number;
  /** What the terms that its node has say, see `termsKey`. */
  termsKey: string | undefined;
  /** When it last proved that it is there. */
  provenAtMs: number | undefined;
  /** Since when its node has not been reached, or has not had it. */
  failingSinceMs: number | undefined;
  trouble: { code: string; message: string } | undefined;
}

export type CopyChange = Partial<Omit<Copy, 'recordingId' | 'origin'>>;

/** Which nodes may keep copies of this studio's recordings, and which copies there are. */
export class CopyStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'copies', STEPS);
  }

  volunteers(): KnownNode[] {
    return this.#db
      .prepare('SELECT * FROM volunteers WHERE takes_copies = 1 ORDER BY rowid')
      .all()
      .map((row) => ({
        origin: String(row.origin),
        name: String(row.name),
        certificate: row.certificate === null ? undefined : String(row.certificate),
      }));
  }

  addVolunteer({ origin, name, certificate }: KnownNode): void {
    this.#db
      .prepare(
        `INSERT INTO volunteers (origin, name, certificate) VALUES (?, ?, ?) ON CONFLICT (origin)
         DO UPDATE SET name = excluded.name, certificate = excluded.certificate, takes_copies = 1`,
      )
      .run(origin, name, certificate ?? null);
  }

  /** It gets nothing more. How to reach it stays known while it has something. */
  removeVolunteer(origin: string): void {
    this.#db.prepare('UPDATE volunteers SET takes_copies = 0 WHERE origin = ?').run(origin);
  }

  /** See {@link removeVolunteer}. */
  formerCertificate(origin: string): string | undefined {
    const row = this.#db.prepare('SELECT certificate FROM volunteers WHERE origin = ?').get(origin);
    return typeof row?.certificate === 'string' ? row.certificate : undefined;
  }

  copies(): Copy[] {
    return this.#db.prepare('SELECT * FROM copies ORDER BY rowid').all().map(copyOf);
  }

  copiesOf(recordingId: string): Copy[] {
    return this.#db
      .prepare('SELECT * FROM copies WHERE recording_id = ? ORDER BY rowid')
      .all(recordingId)
      .map(copyOf);
  }

  get(recordingId: string, origin: string): Copy | undefined {
    return this.copiesOf(recordingId).find((copy) => copy.origin === origin);
  }

  /** Puts a copy where there was none, or begins anew with one that was given up. */
  place(recordingId: string, origin: string, sizeBytes: number): void {
    this.#db
      .prepare(
        `INSERT INTO copies (recording_id, origin, state, size_bytes) VALUES (?, ?, 'waiting', ?)
         ON CONFLICT DO UPDATE SET state = 'waiting', size_bytes = excluded.size_bytes,
           failing_since = NULL, trouble = NULL`,
      )
      .run(recordingId, origin, sizeBytes);
  }

  update(copy: Pick<Copy, 'recordingId' | 'origin'>, change: CopyChange): void {
    inTransaction(this.#db, () => {
      const known = this.get(copy.recordingId, copy.origin);
      if (!known) return;
      const next = { ...known, ...change };
      this.#db
        .prepare(
          `UPDATE copies SET state = ?, held_bytes = ?, size_bytes = ?, terms_key = ?,
             proven_at = ?, failing_since = ?, trouble = ?
           WHERE recording_id = ? AND origin = ?`,
        )
        .run(
          next.state,
          next.heldBytes,
          next.sizeBytes,
          next.termsKey ?? null,
          next.provenAtMs ?? null,
          next.failingSinceMs ?? null,
          next.trouble ? JSON.stringify(next.trouble) : null,
          ...[copy.recordingId, copy.origin],
        );
    });
  }

  forget({ recordingId, origin }: Pick<Copy, 'recordingId' | 'origin'>): void {
    this.#db
      .prepare('DELETE FROM copies WHERE recording_id = ? AND origin = ?')
      .run(recordingId, origin);
  }
}

function copyOf(row: Record<string, SQLOutputValue>): Copy {
  const ms = (value: SQLOutputValue | undefined) => (value === null ? undefined : Number(value));
  return {
    recordingId: String(row.recording_id),
    origin: String(row.origin),
    state: CopyState.parse(row.state),
    heldBytes: Number(row.held_bytes),
    sizeBytes: Number(row.size_bytes),
    termsKey: row.terms_key === null ? undefined : String(row.terms_key),
    provenAtMs: ms(row.proven_at),
    failingSinceMs: ms(row.failing_since),
    trouble: row.trouble === null ? undefined : JSON.parse(String(row.trouble)),
  };
}
