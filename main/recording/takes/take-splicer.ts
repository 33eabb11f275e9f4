import {
  blockIn,
  ELEMENT,
  type Element,
  elementAt,
  readBlockHead,
  readUnsigned,
} from './matroska-elements.ts';

/** How long a frame lasts when its track's next one never came: at most this. */
const LONGEST_FRAME_MS = 120;

const EBML_HEADER = Buffer.from('1a45dfa3', 'hex');
const CLUSTER_ID = Buffer.from('1f43b675', 'hex');
/** "Unknown" as a size (RFC 8794, section 6.2): a cluster lasts until the next one begins. */
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');

interface TrackEnd {
  lastMs: number;
  frameMs: number;
}

/**
 * Makes one Matroska stream of several takes. A recorder begins anew after a pause and after it
 * broke, with a header and with its clock at zero; here all but the first header are left out, and
 * each take's clusters are moved to where the one before it ended. Within a take nothing is moved,
 * so sound and picture stay as the recorder put them, and no error adds up from take to take.
 *
 * Relies on what `MediaRecorder` does: ticks of 1 ms, each take beginning at a slice's start.
 * Bytes that are no Matroska (a slice was lost) are left out up to the next cluster.
 */
export class TakeSplicer {
  /** Where each take begins in the spliced stream, in ms. */
  readonly takeStartsMs: number[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #headerSent = false;
  #inFirstTake = true;
  #lost = false;
  /** Added to the take's own times; unknown until its first block. */
  #offsetMs: number | undefined;
  #clusterMs = 0;
  /** A cluster's beginning is held back until its first block has told where the take goes. */
  #clusterPending = false;
  readonly #tracks = new Map<number, TrackEnd>();

  /** What of the stream is complete with this slice. */
  push(slice: Buffer): Buffer {
    if (isTakeStart(slice)) this.#beginTake();
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, slice]) : slice;
    const out: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#lost) {
        const next = bytes.indexOf(CLUSTER_ID, at);
        at = next < 0 ? Math.max(at, bytes.length - CLUSTER_ID.length + 1) : next;
        if (next < 0) break;
        this.#lost = false;
      }
      const element = elementAt(bytes, at);
      if (element === 'incomplete') break;
      if (element === 'damaged') {
        this.#lost = true;
        continue;
      }
      this.#take(element, bytes.subarray(at, at + element.totalBytes), out);
      at += element.totalBytes;
    }
    this.#rest = bytes.subarray(at);
    return Buffer.concat(out);
  }

  #beginTake(): void {
    // The former recorder may have been given up in the middle of a frame.
    this.#rest = Buffer.alloc(0);
    this.#lost = false;
    this.#clusterPending = false;
    this.#inFirstTake = !this.#headerSent;
    this.#offsetMs = undefined;
  }

  #take(element: Element, whole: Buffer, out: Buffer[]): void {
    const content = whole.subarray(element.headerBytes);
    switch (element.id) {
      case ELEMENT.cluster:
        this.#clusterPending = true;
        return;
      case ELEMENT.timestamp:
        this.#clusterMs = readUnsigned(content);
        return;
      case ELEMENT.simpleBlock:
        this.#block(content, whole, out);
        return;
      case ELEMENT.blockGroup:
        this.#block(blockIn(content), whole, out);
        return;
      case ELEMENT.ebmlHeader:
        // Told by now where the slice before ended within it.
        this.#beginTake();
        if (this.#inFirstTake) out.push(whole);
        return;
      case ELEMENT.info:
      case ELEMENT.tracks:
        if (this.#inFirstTake) out.push(whole);
        return;
      case ELEMENT.segment:
        if (this.#inFirstTake) out.push(whole.subarray(0, 4), UNKNOWN_SIZE);
        this.#headerSent = true;
        return;
    }
  }

  #block(block: Buffer | undefined, whole: Buffer, out: Buffer[]): void {
    const head = block && readBlockHead(block);
    if (!head) return;
    const takeMs = this.#clusterMs + head.ticks;
    if (this.#offsetMs === undefined) {
      const startMs = this.#endMs();
      this.#offsetMs = startMs - takeMs;
      this.takeStartsMs.push(startMs);
      this.#tracks.clear();
    }
    if (this.#clusterPending) {
      out.push(clusterHead(this.#clusterMs + this.#offsetMs));
      this.#clusterPending = false;
    }
    out.push(whole);
    this.#note(head.track, takeMs + this.#offsetMs);
  }

  #note(track: number, atMs: number): void {
    const known = this.#tracks.get(track);
    const sinceMs = known && atMs > known.lastMs ? atMs - known.lastMs : known?.frameMs;
    this.#tracks.set(track, {
      lastMs: Math.max(atMs, known?.lastMs ?? 0),
      frameMs: Math.min(LONGEST_FRAME_MS, sinceMs ?? 1),
    });
  }

  #endMs(): number {
    return Math.max(
      0,
      ...[...this.#tracks.values()].map(({ lastMs, frameMs }) => lastMs + frameMs),
    );
  }
}

/** Whether a recorder begins with this slice. */
export function isTakeStart(slice: Uint8Array): boolean {
  return EBML_HEADER.equals(slice.subarray(0, EBML_HEADER.length));
}

function clusterHead(timestampMs: number): Buffer {
  const timestamp = Buffer.alloc(10);
  timestamp.writeUInt8(ELEMENT.timestamp, 0);
  timestamp.writeUInt8(0x88, 1);
  timestamp.writeBigUInt64BE(BigInt(Math.max(0, timestampMs)), 2);
  return Buffer.concat([CLUSTER_ID, UNKNOWN_SIZE, timestamp]);
}
