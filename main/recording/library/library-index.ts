import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import {
  DamagedFile,
  type HashStatus,
  type LibraryQuery,
  type LibrarySort,
} from '../../../protocol/recording-library.ts';
import { RecordingState } from '../../../protocol/recordings.ts';
import { isoTime } from '../../clock.ts';
import { migrate } from '../../storage/database.ts';
import type { VerifyReport } from '../manifest/verify-recording.ts';
import type { QuotaCandidate } from './quota-policy.ts';

const STEPS = [
  `CREATE TABLE recording_facts (
     recording_id TEXT PRIMARY KEY REFERENCES recordings ON DELETE CASCADE,
     disk_bytes INTEGER,
     checked_at INTEGER,
     problem_count INTEGER,
     problems TEXT
   ) STRICT, WITHOUT ROWID;`,
];

/** Problems that are remembered of one recording; the person is told how many there are. */
const KEPT_PROBLEMS = 20;

/** What the library knows of a recording besides its catalogue entry. */
export interface RecordingFacts {
  hash: HashStatus;
  /** Bytes of its folder when it was last measured. */
  diskBytes: number | undefined;
}

/** A candidate that can be named. */
export interface TitledCandidate extends QuotaCandidate {
  title: string;
}

const SORT_COLUMNS: Record<LibrarySort, string> = {
  startedAt: 'started_at',
  title: 'fold(title)',
  durationMs: 'duration_ms',
  sizeBytes: 'COALESCE(disk_bytes, size_bytes)',
  retainUntil: 'COALESCE(retain_until, started_at)',
};

/** Finds recordings, and keeps what was found out about them. */
export class LibraryIndex {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'recording-library', STEPS);
    db.function('fold', { deterministic: true }, (text) => fold(String(text)));
  }

  /** Ids of one page and how many match in all. */
  find(query: LibraryQuery): { total: number; recordingIds: string[] } {
    const { where, parameters } = conditions(query);
    const from = `FROM recordings LEFT JOIN recording_facts USING (recording_id) ${where}`;
    const direction = query.order === 'ascending' ? 'ASC' : 'DESC';
    const counted = this.#db.prepare(`SELECT COUNT(*) AS total ${from}`).get(parameters);
    const rows = this.#db
      .prepare(
        `SELECT recording_id ${from} ORDER BY ${SORT_COLUMNS[query.sort]} ${direction},
           recordings.rowid ${direction} LIMIT :limit OFFSET :offset`,
      )
      .all({ ...parameters, limit: query.limit, offset: query.offset });
    return {
      total: Number(counted?.total ?? 0),
      recordingIds: rows.map((row) => String(row.recording_id)),
    };
  }

  /** All that are there and what they take, by their last measure. */
  totals(): { count: number; usedBytes: number } {
    const row = this.#db
      .prepare(
        `SELECT COUNT(*) AS count, COALESCE(SUM(COALESCE(disk_bytes, size_bytes)), 0) AS used
         FROM recordings LEFT JOIN recording_facts USING (recording_id) WHERE state <> 'expired'`,
      )
      .get();
    return { count: Number(row?.count ?? 0), usedBytes: Number(row?.used ?? 0) };
  }

  /** All that are there, as the quota sees them, in one question. */
  candidates(isHeld: (recordingId: string) => boolean): TitledCandidate[] {
    return this.#db
      .prepare(
        `SELECT recording_id, title, state, pinned, started_at + duration_ms AS ended_at,
           retain_until, COALESCE(disk_bytes, size_bytes) AS bytes
         FROM recordings LEFT JOIN recording_facts USING (recording_id) WHERE state <> 'expired'`,
      )
      .all()
      .map((row) => {
        const recordingId = String(row.recording_id);
        return {
          recordingId,
          title: String(row.title),
          state: RecordingState.parse(row.state),
          pinned: row.pinned === 1,
          held: isHeld(recordingId),
          endedAtMs: Number(row.ended_at),
          retainUntilMs:
            row.retain_until === null ? Number.POSITIVE_INFINITY : Number(row.retain_until),
          sizeBytes: Number(row.bytes),
        };
      });
  }

  factsOf(recordingId: string): RecordingFacts {
    const row = this.#db
      .prepare('SELECT * FROM recording_facts WHERE recording_id = ?')
      .get(recordingId);
    return {
      hash: hashOf(row),
      diskBytes: typeof row?.disk_bytes === 'number' ? row.disk_bytes : undefined,
    };
  }

  /** Remembers what a check of every byte said. */
  rememberCheck(recordingId: string, report: VerifyReport, checkedAtMs: number): HashStatus {
    this.#db
      .prepare(
        `INSERT INTO recording_facts (recording_id, checked_at, problem_count, problems)
         VALUES (?, ?, ?, ?)
         ON CONFLICT (recording_id) DO UPDATE SET checked_at = excluded.checked_at,
           problem_count = excluded.problem_count, problems = excluded.problems`,
      )
      .run(
        ...[recordingId, Math.round(checkedAtMs), report.problems.length],
        JSON.stringify(report.problems.slice(0, KEPT_PROBLEMS)),
      );
    return this.factsOf(recordingId).hash;
  }

  rememberSize(recordingId: string, diskBytes: number): void {
    this.#db
      .prepare(
        `INSERT INTO recording_facts (recording_id, disk_bytes) VALUES (?, ?)
         ON CONFLICT (recording_id) DO UPDATE SET disk_bytes = excluded.disk_bytes`,
      )
      .run(recordingId, diskBytes);
  }
}

/** What a check found, as it is told before anything is remembered. */
export function hashStatusOf(report: VerifyReport, checkedAtMs: number): HashStatus {
  const checkedAt = isoTime(checkedAtMs);
  const { problems, tracksLeftOut } = report;
  const leftOut = tracksLeftOut === undefined ? {} : { tracksLeftOut };
  if (problems.length === 0) return { state: 'intact', checkedAt, ...leftOut };
  return {
    state: 'damaged',
    checkedAt,
    problems: problems.slice(0, KEPT_PROBLEMS),
    problemCount: problems.length,
    ...leftOut,
  };
}

/** Text as it is compared: without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

function conditions({ search, withExpired }: LibraryQuery) {
  const parameters: Record<string, SQLInputValue> = {};
  const terms = withExpired ? [] : [`state <> 'expired'`];
  for (const [index, word] of fold(search).split(/\s+/).filter(Boolean).entries()) {
    terms.push(`instr(fold(title), :word${index}) > 0`);
    parameters[`word${index}`] = word;
  }
  return { where: terms.length > 0 ? `WHERE ${terms.join(' AND ')}` : '', parameters };
}

function hashOf(row: Record<string, SQLOutputValue> | undefined): HashStatus {
  if (typeof row?.checked_at !== 'number') return { state: 'unchecked' };
  const checkedAt = isoTime(row.checked_at);
  const problemCount = Number(row.problem_count);
  if (problemCount === 0) return { state: 'intact', checkedAt };
  const problems = z.array(DamagedFile).parse(JSON.parse(String(row.problems)));
  return { state: 'damaged', checkedAt, problems, problemCount };
}
