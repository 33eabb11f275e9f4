import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Manifest, ManifestFile } from '../../../protocol/recordings.ts';
import type { ReplicaTerms } from '../../../protocol/replicas.ts';
import { inTransaction, migrate } from '../../storage/database.ts';

const STEPS = [
  `CREATE TABLE replicas (
     recording_id TEXT PRIMARY KEY,
     room_id TEXT NOT NULL,
     host_user_id TEXT NOT NULL,
     manifest TEXT NOT NULL,
     ivs BLOB NOT NULL,
     terms TEXT NOT NULL,
     issued_at INTEGER NOT NULL,
     keep_until INTEGER NOT NULL,
     size_bytes INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX replicas_by_room ON replicas (room_id);
   CREATE TABLE replica_files (
     recording_id TEXT NOT NULL REFERENCES replicas (recording_id) ON DELETE CASCADE,
     place INTEGER NOT NULL,
     name TEXT NOT NULL,
     sha256 TEXT NOT NULL,
     size_bytes INTEGER NOT NULL,
     PRIMARY KEY (recording_id, name)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX replica_files_by_hash ON replica_files (sha256);
   CREATE TABLE replica_objects (sha256 TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
   CREATE TABLE replica_tombstones (
     recording_id TEXT PRIMARY KEY,
     host_user_id TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];

/** A recording that is kept here for somebody. */
export interface Replica {
  recordingId: string;
  roomId: string;
  hostUserId: string;
  manifest: Manifest;
  /** 16 bytes for each segment, one after the other; empty where nothing is encrypted. */
  ivs: Uint8Array;
  terms: ReplicaTerms;
  sizeBytes: number;
}

/** What this node keeps for others: which recordings, of which files, and which of these are here. */
export class ReplicaIndex {
  readonly #db: DatabaseSync;
  #copyOrigins: readonly string[] | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'replicas', STEPS);
  }

  get(recordingId: string): Replica | undefined {
    return replicaOf(
      this.#db.prepare('SELECT * FROM replicas WHERE recording_id = ?').get(recordingId),
    );
  }

  /** A room's, the latest first. */
  ofRoom(roomId: string): Replica[] {
    return this.#db
      .prepare('SELECT * FROM replicas WHERE room_id = ? ORDER BY issued_at DESC')
      .all(roomId)
      .flatMap((row) => replicaOf(row) ?? []);
  }

  all(): Replica[] {
    return this.#db
      .prepare('SELECT * FROM replicas ORDER BY host_user_id, recording_id')
      .all()
      .flatMap((row) => replicaOf(row) ?? []);
  }

  /** Where else there are copies of what is here, by its terms. */
  get copyOrigins(): readonly string[] {
    this.#copyOrigins ??= [...new Set(this.all().flatMap(({ terms }) => terms.copies))];
    return this.#copyOrigins;
  }

  /** Recordings whose time is up. */
  due(nowMs: number): string[] {
    return this.#db
      .prepare('SELECT recording_id FROM replicas WHERE keep_until <= ?')
      .all(nowMs)
      .map((row) => String(row.recording_id));
  }

  put(replica: Replica): void {
    this.#copyOrigins = undefined;
    const { recordingId, manifest, terms } = replica;
    inTransaction(this.#db, () => {
      this.#db.prepare('DELETE FROM replicas WHERE recording_id = ?').run(recordingId);
      this.#db
        .prepare('INSERT INTO replicas VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          recordingId,
          replica.roomId,
          replica.hostUserId,
          JSON.stringify(manifest),
          replica.ivs,
          JSON.stringify(terms),
          Date.parse(terms.issuedAt),
          Date.parse(terms.keepUntil ?? terms.issuedAt),
          replica.sizeBytes,
        );
      const insert = this.#db.prepare('INSERT INTO replica_files VALUES (?, ?, ?, ?, ?)');
      for (const [place, file] of [manifest.init, ...manifest.segments].entries()) {
        insert.run(recordingId, place, file.uri, file.sha256, file.sizeBytes);
      }
    });
  }

  setTerms(recordingId: string, terms: ReplicaTerms): void {
    this.#copyOrigins = undefined;
    this.#db
      .prepare(
        'UPDATE replicas SET terms = ?, issued_at = ?, keep_until = ? WHERE recording_id = ?',
      )
      .run(
        JSON.stringify(terms),
        Date.parse(terms.issuedAt),
        Date.parse(terms.keepUntil ?? terms.issuedAt),
        recordingId,
      );
  }

  remove(recordingId: string): void {
    this.#copyOrigins = undefined;
    this.#db.prepare('DELETE FROM replicas WHERE recording_id = ?').run(recordingId);
  }

  /** Held files that no recording has any more. */
  unused(): string[] {
    return this.#db
      .prepare(
        `SELECT sha256 FROM replica_objects
         WHERE NOT EXISTS (SELECT 1 FROM replica_files f WHERE f.sha256 = replica_objects.sha256)`,
      )
      .all()
      .map((row) => String(row.sha256));
  }

  /** A recording is deleted by its host, and not to be taken again. */
  bury(recordingId: string, hostUserId: string): void {
    this.#db
      .prepare('INSERT INTO replica_tombstones VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(recordingId, hostUserId);
  }

  isBuried(recordingId: string): boolean {
    return (
      this.#db
        .prepare('SELECT 1 FROM replica_tombstones WHERE recording_id = ?')
        .get(recordingId) !== undefined
    );
  }

  file(recordingId: string, name: string): ManifestFile | undefined {
    const row = this.#db
      .prepare('SELECT * FROM replica_files WHERE recording_id = ? AND name = ?')
      .get(recordingId, name);
    return row && fileOf(row);
  }

  fileByHash(recordingId: string, sha256: string): ManifestFile | undefined {
    const row = this.#db
      .prepare('SELECT * FROM replica_files WHERE recording_id = ? AND sha256 = ? LIMIT 1')
      .get(recordingId, sha256);
    return row && fileOf(row);
  }

  /** Hashes of files that are not here, in the replay's order. */
  missing(recordingId: string, limit: number): string[] {
    return this.#db
      .prepare(
        `SELECT sha256, MIN(place) AS first FROM replica_files
         WHERE recording_id = ? AND sha256 NOT IN (SELECT sha256 FROM replica_objects)
         GROUP BY sha256 ORDER BY first LIMIT ?`,
      )
      .all(recordingId, limit)
      .map((row) => String(row.sha256));
  }

  /** Hashes of its files that are here. */
  held(recordingId: string): string[] {
    return this.#db
      .prepare(
        `SELECT DISTINCT sha256 FROM replica_files
         WHERE recording_id = ? AND sha256 IN (SELECT sha256 FROM replica_objects)`,
      )
      .all(recordingId)
      .map((row) => String(row.sha256));
  }

  heldBytes(recordingId: string): number {
    const row = this.#db
      .prepare(
        `SELECT SUM(size_bytes) AS bytes FROM replica_files
         WHERE recording_id = ? AND sha256 IN (SELECT sha256 FROM replica_objects)`,
      )
      .get(recordingId);
    return Number(row?.bytes ?? 0);
  }

  /** What all recordings will have, in bytes, whether it is here already or not. */
  reservedBytes(exceptRecordingId?: string): number {
    const row = this.#db
      .prepare('SELECT SUM(size_bytes) AS bytes FROM replicas WHERE recording_id <> ?')
      .get(exceptRecordingId ?? '');
    return Number(row?.bytes ?? 0);
  }

  noteHeld(sha256: string): void {
    this.#db.prepare('INSERT INTO replica_objects VALUES (?) ON CONFLICT DO NOTHING').run(sha256);
  }

  noteGone(sha256: string): void {
    this.#db.prepare('DELETE FROM replica_objects WHERE sha256 = ?').run(sha256);
  }
}

function replicaOf(row: Record<string, SQLOutputValue> | undefined): Replica | undefined {
  if (!row) return undefined;
  return {
    recordingId: String(row.recording_id),
    roomId: String(row.room_id),
    hostUserId: String(row.host_user_id),
    manifest: JSON.parse(String(row.manifest)),
    ivs: row.ivs as Uint8Array,
    terms: JSON.parse(String(row.terms)),
    sizeBytes: Number(row.size_bytes),
  };
}

function fileOf(row: Record<string, SQLOutputValue>): ManifestFile {
  return {
    uri: String(row.name),
    sha256: String(row.sha256),
    sizeBytes: Number(row.size_bytes),
  };
}
