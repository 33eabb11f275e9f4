import { EventEmitter, once } from 'node:events';
import type { Logger } from 'pino';
import type { ManifestSegment } from '../../../protocol/recordings.ts';
import { INIT_URI, type ParsedPlaylist, PLAYLIST_NAME, parsePlaylist } from './playlist.ts';
import { isSegment, type SegmentStore, type StoredFile } from './segment-store.ts';

/** ffmpeg's playlist of a day in 2 s segments has some 2 MB. */
const MAX_PLAYLIST_BYTES = 16 * 1024 * 1024;

/** All that a playlist and a manifest say of the media. */
export interface PlayableMedia {
  init: StoredFile;
  segments: readonly ManifestSegment[];
  /** One per segment; absent where they are not encrypted. */
  ivs: readonly Uint8Array[] | undefined;
}

/** What one run of ffmpeg hands in. */
export interface Intake {
  /** Takes one uploaded file. Throws for a file that has no place in a recording. */
  receive(name: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** Resolves when an ended playlist and all it lists have been handed in. */
  readonly complete: Promise<void>;
  /** ffmpeg has ended well, after the last byte: what its ended playlist lists counts. */
  finish(): void;
}

/**
 * The segments of a recording that its playlist lists: the only ones that are served. A segment
 * is published when ffmpeg has listed it and it is stored; from then on it never changes, however
 * often ffmpeg starts over.
 */
export class PublishedMedia {
  readonly #store: SegmentStore;
  readonly #logger: Logger;
  readonly #news = new EventEmitter<{ grown: [] }>().setMaxListeners(0);
  readonly #segments: ManifestSegment[] = [];
  readonly #files = new Map<string, StoredFile>();
  readonly #ivs: Uint8Array[] | undefined;
  #durationMs = 0;
  #sizeBytes = 0;

  constructor(store: SegmentStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
    this.#ivs = store.encrypted ? [] : undefined;
  }

  get segments(): readonly ManifestSegment[] {
    return this.#segments;
  }

  /** Init and media segments by name. */
  get files(): ReadonlyMap<string, StoredFile> {
    return this.#files;
  }

  get durationMs(): number {
    return this.#durationMs;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** One per segment; absent where they are not encrypted. */
  get ivs(): readonly Uint8Array[] | undefined {
    return this.#ivs;
  }

  /** Resolves when there are more segments than so many. Rejects when `signal` aborts. */
  async grownBeyond(count: number, signal: AbortSignal): Promise<void> {
    while (this.#segments.length <= count) await once(this.#news, 'grown', { signal });
  }

  /** All of it. Throws when there is nothing to play. */
  playable(): PlayableMedia {
    const init = this.#files.get(INIT_URI);
    if (!init || this.#segments.length === 0) throw new Error('ffmpeg found nothing to play.');
    return { init, segments: this.#segments, ivs: this.#ivs };
  }

  /** Begins another run of ffmpeg. What an earlier one left unlisted is forgotten. */
  intake(): Intake {
    const stored = new Map<string, StoredFile>();
    const complete = Promise.withResolvers<void>();
    let latest: ParsedPlaylist = { entries: [], ended: false };
    return {
      complete: complete.promise,
      receive: async (name, body) => {
        if (name === PLAYLIST_NAME) {
          const playlist = parsePlaylist(await readText(body));
          // Uploads overlap: an older list may arrive last.
          if (playlist.entries.length >= latest.entries.length) latest = playlist;
        } else if (name === INIT_URI || isSegment(name)) {
          const file = await this.#take(name, body);
          stored.set(name, file);
        } else {
          throw new Error(`ffmpeg put a file that nobody asked for: ${name}`);
        }
        // ffmpeg ends its playlist when it is terminated too, after a last segment that is cut
        // short: an ended list counts only once ffmpeg has ended well.
        if (!latest.ended) this.#publish(latest, stored);
        else if (latest.entries.every((entry) => stored.has(entry.uri))) complete.resolve();
      },
      finish: () => {
        this.#publish(latest, stored);
      },
    };
  }

  async #take(name: string, body: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    const published = this.#files.get(name);
    if (!published) return this.#store.store(name, body);
    const again = await this.#store.describe(name, body);
    if (again.sha256 !== published.sha256) {
      this.#logger.warn({ name }, 'ffmpeg made a segment anew, and differently: the first is kept');
    }
    return published;
  }

  #publish(list: ParsedPlaylist, stored: ReadonlyMap<string, StoredFile>): void {
    const init = stored.get(INIT_URI);
    if (!init) return;
    const before = this.#segments.length;
    for (const entry of list.entries.slice(before)) {
      const file = stored.get(entry.uri);
      if (!file || entry.durationMs <= 0) break;
      this.#segments.push({ ...file, durationMs: entry.durationMs });
      this.#files.set(file.uri, file);
      const iv = this.#store.ivOf(file.uri);
      if (iv) this.#ivs?.push(iv);
      this.#durationMs += entry.durationMs;
      this.#sizeBytes += file.sizeBytes;
    }
    if (this.#segments.length === before) return;
    if (!this.#files.has(INIT_URI)) {
      this.#files.set(INIT_URI, init);
      this.#sizeBytes += init.sizeBytes;
    }
    this.#news.emit('grown');
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_PLAYLIST_BYTES) throw new Error('ffmpeg put an absurdly long playlist.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
