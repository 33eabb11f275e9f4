import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { ManifestFile } from '../../../protocol/recordings.ts';
import { replaceFile, type WriteChunk } from '../journal/durable-file.ts';
import type { RecordingKeys } from '../keys/recording-keys.ts';

/** A file as it is served: what the manifest says of it. */
export type StoredFile = ManifestFile;

/** Whether this is a media segment's name, as ffmpeg is told to number them. */
export function isSegment(uri: string): boolean {
  return /^segment-\d{6,9}\.m4s$/.test(uri);
}

/** Writes a recording's media files, encrypted where its audience is not everybody. */
export class SegmentStore {
  readonly #dir: string;
  readonly #keys: Pick<RecordingKeys, 'segment' | 'segmentIv'> | undefined;

  /** @param keys absent when the recording is public: then segments lie there as they are */
  constructor(dir: string, keys: Pick<RecordingKeys, 'segment' | 'segmentIv'> | undefined) {
    this.#dir = dir;
    this.#keys = keys;
  }

  get encrypted(): boolean {
    return this.#keys !== undefined;
  }

  /** The IV under which a segment is encrypted; absent where nothing is. */
  ivOf(uri: string): Uint8Array | undefined {
    return isSegment(uri) ? this.#keys?.segmentIv(uri) : undefined;
  }

  /**
   * Stores a file as its bytes arrive, a chunk in memory at a time: encrypted, hashed, durable,
   * and read back. What is on disk is checked here, segment by segment, so that nothing is left
   * to check when the recording stops, however long it was.
   */
  async store(uri: string, body: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    const path = join(this.#dir, uri);
    let stored: StoredFile | undefined;
    await replaceFile(path, true, async (write) => {
      stored = await this.#seal(uri, body, write);
    });
    if (!stored || (await hashFile(path)).sha256 !== stored.sha256) {
      throw new Error(`${uri} reads back differently from what was written to it.`);
    }
    return stored;
  }

  /** What {@link store} would answer, with nothing written. */
  async describe(uri: string, body: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    return this.#seal(uri, body, () => Promise.resolve());
  }

  async #seal(
    uri: string,
    body: AsyncIterable<Uint8Array>,
    write: WriteChunk,
  ): Promise<StoredFile> {
    const cipher = this.#cipherFor(uri);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const put = async (chunk: Uint8Array) => {
      if (chunk.length === 0) return;
      hash.update(chunk);
      sizeBytes += chunk.length;
      await write(chunk);
    };
    for await (const chunk of body) await put(cipher ? cipher.update(chunk) : chunk);
    if (cipher) await put(cipher.final());
    return { uri, sha256: hash.digest('hex'), sizeBytes };
  }

  #cipherFor(uri: string): Cipheriv | undefined {
    const iv = this.ivOf(uri);
    return this.#keys && iv && createCipheriv('aes-128-cbc', this.#keys.segment, iv);
  }
}

/** SHA-256 and size of a file, read in chunks. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { ...(signal && { signal }) })) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}
