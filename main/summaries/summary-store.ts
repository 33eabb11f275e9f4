import type { DatabaseSync } from 'node:sqlite';
import { StreamSummary, Transcript } from '../../protocol/summaries.ts';
import { migrate } from '../storage/database.ts';
import { openBytes, sealBytes } from '../storage/sealed-bytes.ts';

const STEPS = [
  `CREATE TABLE summaries (
     recording_id TEXT PRIMARY KEY,
     summary BLOB,
     transcript BLOB
   ) STRICT`,
];

/** Transcripts and summaries, encrypted: they say in words what recordings are encrypted for. */
export class SummaryStore {
  readonly #db: DatabaseSync;
  readonly #masterKey: Uint8Array;

  /** @param options.masterKey 32 bytes */
  constructor(options: { db: DatabaseSync; masterKey: Uint8Array }) {
    this.#db = options.db;
    this.#masterKey = options.masterKey;
    migrate(this.#db, 'summaries', STEPS);
  }

  summary(recordingId: string): StreamSummary | undefined {
    const json = this.#read('summary', recordingId);
    return json === undefined ? undefined : StreamSummary.parse(json);
  }

  transcript(recordingId: string): Transcript | undefined {
    const json = this.#read('transcript', recordingId);
    return json === undefined ? undefined : Transcript.parse(json);
  }

  keepSummary(summary: StreamSummary): void {
    this.#write('summary', summary.recordingId, summary);
  }

  keepTranscript(recordingId: string, transcript: Transcript): void {
    this.#write('transcript', recordingId, transcript);
  }

  forget(recordingId: string): void {
    this.#db.prepare('DELETE FROM summaries WHERE recording_id = ?').run(recordingId);
  }

  #read(column: 'summary' | 'transcript', recordingId: string): unknown {
    const row = this.#db
      .prepare(`SELECT ${column} AS sealed FROM summaries WHERE recording_id = ?`)
      .get(recordingId);
    if (!(row?.sealed instanceof Uint8Array)) return undefined;
    const purpose = purposeOf(column, recordingId);
    return JSON.parse(openBytes(this.#masterKey, purpose, row.sealed).toString('utf8'));
  }

  #write(column: 'summary' | 'transcript', recordingId: string, value: unknown): void {
    const bytes = Buffer.from(JSON.stringify(value));
    const sealed = sealBytes(this.#masterKey, purposeOf(column, recordingId), bytes);
    this.#db
      .prepare(
        `INSERT INTO summaries (recording_id, ${column}) VALUES (?, ?)
         ON CONFLICT (recording_id) DO UPDATE SET ${column} = excluded.${column}`,
      )
      .run(recordingId, sealed);
  }
}

function purposeOf(column: string, recordingId: string): string {
  return `${column}:v1 ${recordingId}`;
}
