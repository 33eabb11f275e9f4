/** The elements of a Matroska stream (RFC 9559) that a recorder writes, by their EBML ids. */
export const ELEMENT = {
  ebmlHeader: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  cues: 0x1c53bb6b,
  tags: 0x1254c367,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  position: 0xa7,
  prevSize: 0xab,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  void: 0xec,
  crc32: 0xbf,
} as const;

/** What may follow one another where segments and clusters are gone into. */
const KNOWN_IDS: ReadonlySet<number> = new Set(Object.values(ELEMENT));

/** Gone into: what is in them is read one by one. */
const MASTERS: ReadonlySet<number> = new Set([ELEMENT.segment, ELEMENT.cluster]);

/** Nothing a recorder writes is this long; a damaged size is. */
const MAX_ELEMENT_BYTES = 32 * 1024 * 1024;

/** An element as it lies in the bytes. */
export interface Element {
  id: number;
  /** Bytes of id and size. */
  headerBytes: number;
  /** Bytes with its content; a segment's and a cluster's are those of their headers alone. */
  totalBytes: number;
}

/**
 * The element at an offset: `incomplete` where the bytes end before it does, `damaged` where there
 * is none that a recorder would have written.
 */
export function elementAt(bytes: Buffer, offset: number): Element | 'incomplete' | 'damaged' {
  const id = vintAt(bytes, offset, 4);
  if (typeof id === 'string') return id;
  if (!KNOWN_IDS.has(id.raw)) return 'damaged';
  const size = vintAt(bytes, offset + id.length, 8);
  if (typeof size === 'string') return size;
  const headerBytes = id.length + size.length;
  if (MASTERS.has(id.raw)) return { id: id.raw, headerBytes, totalBytes: headerBytes };
  if (size.value > MAX_ELEMENT_BYTES) return 'damaged';
  const totalBytes = headerBytes + size.value;
  return offset + totalBytes > bytes.length
    ? 'incomplete'
    : { id: id.raw, headerBytes, totalBytes };
}

/** An unsigned integer of up to 6 bytes (RFC 8794, section 7.2). */
export function readUnsigned(content: Buffer): number {
  return content.length === 0 ? 0 : content.readUIntBE(0, Math.min(6, content.length));
}

/** Which track a block belongs to, and its time within the cluster, in ticks. */
export function readBlockHead(block: Buffer): { track: number; ticks: number } | undefined {
  const track = vintAt(block, 0, 8);
  if (typeof track === 'string' || block.length < track.length + 2) return undefined;
  return { track: track.value, ticks: block.readInt16BE(track.length) };
}

/** The `Block` in a `BlockGroup`'s content. */
export function blockIn(group: Buffer): Buffer | undefined {
  for (let at = 0; at < group.length; ) {
    const id = vintAt(group, at, 4);
    if (typeof id === 'string') return undefined;
    const size = vintAt(group, at + id.length, 8);
    if (typeof size === 'string') return undefined;
    const start = at + id.length + size.length;
    if (id.raw === ELEMENT.block) return group.subarray(start, start + size.value);
    at = start + size.value;
  }
  return undefined;
}

/** A variable-size integer (RFC 8794, section 4): `raw` with its marker bit, as ids are written. */
function vintAt(bytes: Buffer, offset: number, maxLength: number) {
  const first = bytes[offset];
  if (first === undefined) return 'incomplete';
  const length = Math.clz32(first) - 23;
  if (length > maxLength) return 'damaged';
  if (offset + length > bytes.length) return 'incomplete';
  const marker = 1 << (8 - length);
  let value = first & ~marker;
  // Past 2^53 only "unknown size" is ever written, and whoever is of that size is gone into.
  for (const byte of bytes.subarray(offset + 1, offset + length)) value = value * 256 + byte;
  return { raw: value + marker * 256 ** (length - 1), length, value };
}
