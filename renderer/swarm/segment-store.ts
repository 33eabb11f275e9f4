/** Half an hour of a 720p room has some 800 MB: this keeps the last minutes. */
const DEFAULT_MAX_BYTES = 192 * 1024 * 1024;

/**
 * Segments that were checked, as they were served, for this player and for others. When it is full
 * what was used longest ago goes.
 */
export class SegmentStore {
  readonly #maxBytes: number;
  /** By number, what was used last at the end. */
  readonly #segments = new Map<number, Uint8Array<ArrayBuffer>>();
  #bytes = 0;

  constructor(maxBytes: number = DEFAULT_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  has(number: number): boolean {
    return this.#segments.has(number);
  }

  /** The very bytes: whoever changes them must copy them first. */
  get(number: number): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#segments.get(number);
    if (!bytes) return undefined;
    this.#segments.delete(number);
    this.#segments.set(number, bytes);
    return bytes;
  }

  put(number: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > this.#maxBytes) return;
    this.#remove(number);
    this.#segments.set(number, bytes);
    this.#bytes += bytes.length;
    for (const oldest of this.#segments.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  /** First and last number of each run, in order. */
  ranges(): [number, number][] {
    const ranges: [number, number][] = [];
    for (const number of [...this.#segments.keys()].sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last && last[1] === number - 1) last[1] = number;
      else ranges.push([number, number]);
    }
    return ranges;
  }

  clear(): void {
    this.#segments.clear();
    this.#bytes = 0;
  }

  #remove(number: number): void {
    this.#bytes -= this.#segments.get(number)?.length ?? 0;
    this.#segments.delete(number);
  }
}
