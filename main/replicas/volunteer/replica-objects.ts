import { createHash, hkdfSync } from 'node:crypto';
import { mkdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../recording/journal/durable-file.ts';
import { openBytes, sealBytes } from '../../storage/sealed-bytes.ts';

/**
 * Files by the SHA-256 of what they are, each once however many recordings have it. On disk all
 * are encrypted (AES-256-GCM) with a key of this node's, so that whoever takes the disk has nothing.
 */
export class ReplicaObjects {
  readonly #dir: string;
  readonly #key: Buffer;

  /** @param options.masterKey what their key is derived from, 32 bytes */
  constructor(options: { dir: string; masterKey: Uint8Array }) {
    this.#dir = options.dir;
    this.#key = Buffer.from(
      hkdfSync('sha256', options.masterKey, '', 'swarm-replica-objects:v1', 32),
    );
  }

  /** Keeps bytes that have this hash; answers whether they have. They survive a power cut. */
  async put(sha256: string, bytes: Uint8Array): Promise<boolean> {
    if (hashOf(bytes) !== sha256) return false;
    const path = this.#pathOf(sha256);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await writeDurably(path, sealBytes(this.#key, sha256, bytes));
    return true;
  }

  /** The very bytes, checked now; `undefined` where they are gone or are not what they were. */
  async read(sha256: string): Promise<Buffer | undefined> {
    try {
      const bytes = openBytes(this.#key, sha256, await readFile(this.#pathOf(sha256)));
      return hashOf(bytes) === sha256 ? bytes : undefined;
    } catch {
      // Gone, cut off or changed: it is the same to whoever asks, and is asked for anew.
      return undefined;
    }
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true });
  }

  /** What the disk has left, in bytes. */
  async freeBytes(): Promise<number> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#dir);
    return bavail * bsize;
  }

  #pathOf(sha256: string): string {
    return join(this.#dir, sha256.slice(0, 2), sha256);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
