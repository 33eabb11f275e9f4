import type { KeyObject } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import { storageProblem } from '../watch/storage-problem.ts';
import { syncFolder } from './durable-file.ts';
import { releaseRecord, sealRecord } from './journal-record.ts';

/** Slices that may wait for the disk: two of the largest, or 32 s at 4 Mbit/s. */
export const MAX_PENDING_BYTES = 16 * 1024 * 1024;

const NEW_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;

/**
 * On Linux a write is durable when it returns, as after an fdatasync(2) of its own, in one call
 * and one turn of a thread instead of two. macOS has the flag too, but empties the drive's cache
 * only for the fcntl(2) that libuv makes of fdatasync.
 */
const DURABLE_WRITES = process.platform === 'linux';

/** How far a journal has come, for a reader that follows it while it grows. */
export interface JournalTail {
  /** Bytes of the file that are durable. */
  readonly durableBytes: number;
  /** No more slices will come. */
  readonly closed: boolean;
  /** Resolves when either of them has changed since the call. Throws when `signal` aborts. */
  changed(signal: AbortSignal | undefined): Promise<void>;
}

/**
 * The append-only file that a recording's raw slices go to before anything else happens to them.
 * `append` resolves once the slice would survive a power cut; slices are written one by one, in
 * the order of the calls.
 */
export class JournalWriter implements JournalTail {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #key: KeyObject;
  readonly #growth = new EventEmitter();
  #queue: Promise<void> = Promise.resolve();
  #pendingBytes = 0;
  #durableBytes = 0;
  #plainBytes = 0;
  #nextSeq = 0;
  #epoch = 0;
  #closed = false;

  private constructor(path: string, file: FileHandle, key: KeyObject) {
    this.path = path;
    this.#file = file;
    this.#key = key;
  }

  /** Makes a new journal. Throws `storage-full` or `storage-unwritable`. */
  static async create(path: string, key: KeyObject): Promise<JournalWriter> {
    try {
      const file = await open(
        path,
        DURABLE_WRITES ? NEW_FILE | constants.O_DSYNC : NEW_FILE,
        0o600,
      );
      // The file's name is to survive a power cut too, or its bytes would belong to nobody.
      await syncFolder(dirname(path));
      return new JournalWriter(path, file, key);
    } catch (error) {
      throw storageProblem(error, dirname(path));
    }
  }

  get durableBytes(): number {
    return this.#durableBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes of media that are durable. */
  get plainBytes(): number {
    return this.#plainBytes;
  }

  async changed(signal: AbortSignal | undefined): Promise<void> {
    await once(this.#growth, 'changed', { ...(signal && { signal }) });
  }

  /**
   * Writes slice `seq` (0, 1, 2, …). A slice that is already durable is acknowledged again. Throws
   * `validation-failed` for a gap, `rate-limited` when more than {@link MAX_PENDING_BYTES} wait,
   * `storage-full` and `storage-unwritable`; after each of them the same slice may be sent again.
   *
   * @param capturedAtMs milliseconds since the epoch
   */
  async append(seq: number, plain: Uint8Array, capturedAtMs: number): Promise<void> {
    if (this.#pendingBytes + plain.length > MAX_PENDING_BYTES) {
      throw new ProtocolError(
        'rate-limited',
        'The disk does not keep up with the recording. Send the slice again once earlier ones are acknowledged.',
      );
    }
    this.#pendingBytes += plain.length;
    const written = this.#queue.then(() => this.#write(seq, plain, capturedAtMs));
    this.#queue = written.catch(() => undefined);
    try {
      await written;
    } finally {
      this.#pendingBytes -= plain.length;
    }
  }

  /** Waits for what was appended, then lets go of the file. Idempotent. */
  async close(): Promise<void> {
    const closing = this.#queue.then(async () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#growth.emit('changed');
      await this.#file.close();
    });
    this.#queue = closing.catch(() => undefined);
    await closing;
  }

  async #write(seq: number, plain: Uint8Array, capturedAtMs: number): Promise<void> {
    if (seq < this.#nextSeq) return;
    if (this.#closed) {
      throw new ProtocolError('recording-not-found', 'This recording has ended. Start a new one.');
    }
    if (seq > this.#nextSeq) {
      throw new ProtocolError(
        'validation-failed',
        `Slice ${seq} came before slice ${this.#nextSeq}. Send slice ${this.#nextSeq} first.`,
        [{ path: 'seq', message: `expected ${this.#nextSeq}` }],
      );
    }
    const parts = sealRecord(
      this.#key,
      { epoch: this.#epoch, seq, plainLength: plain.length, capturedAtMs },
      plain,
    );
    try {
      const length = await writeFully(this.#file, parts, this.#durableBytes);
      if (!DURABLE_WRITES) await this.#file.datasync();
      this.#durableBytes += length;
    } catch (error) {
      // Half a record may lie there. The next attempt overwrites it, under other nonces.
      this.#epoch += 1;
      throw storageProblem(error, dirname(this.path));
    } finally {
      releaseRecord(parts);
    }
    this.#plainBytes += plain.length;
    this.#nextSeq += 1;
    this.#growth.emit('changed');
  }
}

/** `writev` may write less than it was given, e.g. up to the moment a disk is full. */
async function writeFully(file: FileHandle, parts: Buffer[], position: number): Promise<number> {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const { bytesWritten } = await file.writev(parts, position);
  if (bytesWritten < total) {
    const rest = Buffer.concat(parts).subarray(bytesWritten);
    let done = 0;
    while (done < rest.length) {
      const at = position + bytesWritten + done;
      done += (await file.write(rest, done, rest.length - done, at)).bytesWritten;
    }
  }
  return total;
}
