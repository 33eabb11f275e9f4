/** Half an hour of a 720p room has some 800 MB: this keeps the last minutes. */
const DEFAULT_MAX_BYTES = 192 * 1024 * 1024;

/** A segment, and what the host had signed when it was checked. */
export interface KeptSegment {
  name: string;
  sha256: string;
  /** The very bytes: whoever changes them must copy them first. */
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Segments that were checked, as they were served, for this player and for others. When it is full
 * what was used longest ago goes.
 */
export class SegmentStore {
  readonly #maxBytes: number;
  /** By number, what was used last at the end. */
  readonly #segments = new Map<number, KeptSegment>();
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

  get(number: number): KeptSegment | undefined {
    const segment = this.#segments.get(number);
    if (!segment) return undefined;
    this.#segments.delete(number);
    this.#segments.set(number, segment);
    return segment;
  }

  put(number: number, segment: KeptSegment): void {
    if (segment.bytes.length > this.#maxBytes) return;
    this.#remove(number);
    this.#segments.set(number, segment);
    this.#bytes += segment.bytes.length;
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
    this.#bytes -= this.#segments.get(number)?.bytes.length ?? 0;
    this.#segments.delete(number);
  }
}
