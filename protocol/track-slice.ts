/**
 * Encoded frames as they travel from the window to main and lie in a track's journal: entries one
 * after the other, each a header and, for a frame, its bytes.
 *
 * ```
 * offset size
 *      0    1  kind: 1 frame, 2 played, 3 take
 *      1    1  flags: bit 0 keyframe
 *      2    2  width in pixels, 0 where the frame does not say
 *      4    2  height in pixels
 *      6    2  zero
 *      8    4  RTP timestamp (RFC 3550, section 5.1): wraps around; of a take its number
 *     12    4  length of the frame in bytes
 *     16    8  time on the host's clock, ms since the epoch (float64)
 *     24       the encoded frame
 * ```
 *
 * All numbers little-endian.
 */
export const ENTRY_HEADER_BYTES = 24;

const KIND = { frame: 1, played: 2, take: 3 } as const;
const KEYFRAME = 1;

/** An encoded frame and when it arrived. */
export interface FrameEntry {
  kind: 'frame';
  keyframe: boolean;
  /** 0 where the frame does not say: all but keyframes, and sound. */
  width: number;
  height: number;
  /** RTP timestamp, 0 to 2^32 - 1. */
  timestamp: number;
  /** When it arrived, in ms since the epoch on the host's clock. */
  atMs: number;
  data: Uint8Array;
}

/** The frame with this timestamp was heard or seen in the room at that moment. */
export interface PlayedEntry {
  kind: 'played';
  timestamp: number;
  atMs: number;
}

/**
 * A take of the programme began at that moment. Told when one begins (after a pause, after one that
 * broke), and again once it is known better: the last entry about a take counts.
 */
export interface TakeEntry {
  kind: 'take';
  /** Counted from 0, up to 2^32 - 1. */
  take: number;
  atMs: number;
}

export type TrackEntry = FrameEntry | PlayedEntry | TakeEntry;

/** Bytes that an entry takes. */
export function entryLength(entry: TrackEntry): number {
  return ENTRY_HEADER_BYTES + (entry.kind === 'frame' ? entry.data.length : 0);
}

/** Joins entries to a slice. */
export function encodeTrackSlice(entries: readonly TrackEntry[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + entryLength(entry), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    view.setUint8(at, KIND[entry.kind]);
    view.setUint32(at + 8, entry.kind === 'take' ? entry.take : entry.timestamp, true);
    view.setFloat64(at + 16, entry.atMs, true);
    if (entry.kind === 'frame') {
      view.setUint8(at + 1, entry.keyframe ? KEYFRAME : 0);
      view.setUint16(at + 2, entry.width, true);
      view.setUint16(at + 4, entry.height, true);
      view.setUint32(at + 12, entry.data.length, true);
      bytes.set(entry.data, at + ENTRY_HEADER_BYTES);
    }
    at += entryLength(entry);
  }
  return bytes;
}

/**
 * The entries of a slice; frames share its memory. Throws a `RangeError` where the bytes are not a
 * slice, having answered what came before.
 */
export function* decodeTrackSlice(bytes: Uint8Array): Generator<TrackEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; ) {
    if (at + ENTRY_HEADER_BYTES > bytes.length) throw malformed('it ends within a header', at);
    const entry = entryAt(view, at);
    const end = at + ENTRY_HEADER_BYTES + entry.length;
    if (end > bytes.length) throw malformed('it ends within a frame', at);
    if (!(entry.atMs > 0 && Number.isFinite(entry.atMs))) throw malformed('a time is none', at);
    yield withData(entry, bytes.subarray(at + ENTRY_HEADER_BYTES, end), at);
    at = end;
  }
}

function entryAt(view: DataView, at: number) {
  return {
    kind: view.getUint8(at),
    flags: view.getUint8(at + 1),
    width: view.getUint16(at + 2, true),
    height: view.getUint16(at + 4, true),
    number: view.getUint32(at + 8, true),
    length: view.getUint32(at + 12, true),
    atMs: view.getFloat64(at + 16, true),
  };
}

function withData(entry: ReturnType<typeof entryAt>, data: Uint8Array, at: number): TrackEntry {
  const { kind, flags, width, height, number, atMs } = entry;
  if (kind === KIND.frame && data.length > 0) {
    const keyframe = (flags & KEYFRAME) !== 0;
    return { kind: 'frame', keyframe, width, height, timestamp: number, atMs, data };
  }
  if (kind === KIND.played && data.length === 0) return { kind: 'played', timestamp: number, atMs };
  if (kind === KIND.take && data.length === 0) return { kind: 'take', take: number, atMs };
  throw malformed('an entry is of no known kind', at);
}

function malformed(what: string, at: number): RangeError {
  return new RangeError(`These bytes are not a slice of a track: ${what} at byte ${at}.`);
}
