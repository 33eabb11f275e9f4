import type { DatabaseSync } from 'node:sqlite';
import type { ChatMessage, KeptChatMessage } from '../../../protocol/chat.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { migrate } from '../../storage/database.ts';
import { openBytes, sealBytes } from '../../storage/sealed-bytes.ts';

const STEPS = [
  `CREATE TABLE recording_chat (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     recording_id TEXT NOT NULL,
     message_id TEXT NOT NULL,
     take INTEGER NOT NULL,
     take_ms REAL NOT NULL,
     message BLOB NOT NULL,
     UNIQUE (recording_id, message_id)
   ) STRICT`,
];

/** A day of a busy room. */
const MOST_MESSAGES = 20_000;

type Said = Pick<ChatMessage, 'messageId' | 'author' | 'text'>;

/**
 * What was said in a room's chat while it was recorded, where its host keeps it: each message on
 * disk when the window hears that it is, encrypted, and placed by take like a marker.
 */
export class KeptChatStore {
  readonly #db: DatabaseSync;
  readonly #masterKey: Uint8Array;

  /** @param options.masterKey 32 bytes */
  constructor(options: { db: DatabaseSync; masterKey: Uint8Array }) {
    this.#db = options.db;
    this.#masterKey = options.masterKey;
    migrate(this.#db, 'recording-chat', STEPS);
  }

  /** Keeps a message once. Throws `rate-limited` when the recording holds no more. */
  keep(recordingId: string, at: { take: number; takeMs: number }, message: ChatMessage): void {
    const row = this.#db
      .prepare('SELECT COUNT(*) AS kept FROM recording_chat WHERE recording_id = ?')
      .get(recordingId);
    if (Number(row?.kept) >= MOST_MESSAGES) {
      throw new ProtocolError(
        'rate-limited',
        `A recording keeps ${MOST_MESSAGES} messages at most; what is said from now on is not kept.`,
      );
    }
    const { messageId, author, text } = message;
    const said: Said = { messageId, author, text };
    const sealed = sealBytes(
      this.#masterKey,
      purposeOf(recordingId),
      Buffer.from(JSON.stringify(said)),
    );
    this.#db
      .prepare(
        `INSERT INTO recording_chat (recording_id, message_id, take, take_ms, message)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(recordingId, messageId, at.take, at.takeMs, sealed);
  }

  /** In their order. @param takeStartsMs where each take begins in the replay */
  messages(
    recordingId: string,
    takeStartsMs: readonly number[],
    durationMs: number,
  ): KeptChatMessage[] {
    return this.#db
      .prepare('SELECT * FROM recording_chat WHERE recording_id = ? ORDER BY seq')
      .all(recordingId)
      .map((row) => {
        const opened = openBytes(
          this.#masterKey,
          purposeOf(recordingId),
          row.message as Uint8Array,
        );
        const said = JSON.parse(opened.toString('utf8')) as Said;
        const at = (takeStartsMs[Number(row.take)] ?? durationMs) + Number(row.take_ms);
        return { ...said, atMs: Math.round(Math.max(0, Math.min(at, durationMs))) };
      });
  }

  /** One message; nothing happens where it was not kept. */
  forget(recordingId: string, messageId: string): void {
    this.#db
      .prepare('DELETE FROM recording_chat WHERE recording_id = ? AND message_id = ?')
      .run(recordingId, messageId);
  }

  /** All of a recording's. */
  clear(recordingId: string): void {
    this.#db.prepare('DELETE FROM recording_chat WHERE recording_id = ?').run(recordingId);
  }
}

function purposeOf(recordingId: string): string {
  return `chat:v1 ${recordingId}`;
}
