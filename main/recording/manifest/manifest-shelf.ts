import type { Manifest } from '../../../protocol/recordings.ts';
import type { StoredFile } from '../packaging/segment-store.ts';
import { readManifestFile } from './manifest.ts';

/** Recordings that are watched at the same time; more are read again from disk. */
const CAPACITY = 32;

/** The files that manifests vouch for, read and checked once while they are in use. */
export class ManifestShelf {
  readonly #publicKey: string;
  readonly #files = new Map<string, ReadonlyMap<string, StoredFile>>();

  constructor(publicKey: string) {
    this.#publicKey = publicKey;
  }

  /** Throws `recording-damaged` for a manifest that was changed. */
  async read(dir: string): Promise<Manifest> {
    return readManifestFile(dir, this.#publicKey);
  }

  /** Init and media segments by name. Throws like {@link read}. */
  async filesOf(dir: string): Promise<ReadonlyMap<string, StoredFile>> {
    const known = this.#files.get(dir);
    if (known) return known;
    const manifest = await this.read(dir);
    const files = new Map([manifest.init, ...manifest.segments].map((file) => [file.uri, file]));
    const oldest = this.#files.keys().next().value;
    if (this.#files.size >= CAPACITY && oldest !== undefined) this.#files.delete(oldest);
    this.#files.set(dir, files);
    return files;
  }

  /** To be called when the files behind it go or change. */
  forget(dir: string): void {
    this.#files.delete(dir);
  }
}
