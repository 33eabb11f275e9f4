import { z } from 'zod';

/** What two viewers send each other over their data channel: JSON as text, segments as bytes. */
export const SWARM_WIRE = {
  /** The data channel's label and protocol. */
  protocol: 'swarm-segments:v1',
  /** Bytes of a segment in one message; every browser takes that much. */
  chunkBytes: 16 * 1024,
  /** Largest text. */
  textBytes: 16 * 1024,
  /** Requests that one side may have open. */
  openRequests: 4,
  /** Runs of segments that one side may say it has. */
  ranges: 512,
} as const;

/** The number in a segment's name; the order in which segments play. */
const SegmentNumber = z.int().min(0).max(999_999_999);
const RequestId = z.int().min(0).max(0xffff_ffff);

export const WireMessage = z.discriminatedUnion('type', [
  /** All that the sender has, and what it fetches from the node now. Replaces what it said before. */
  z.object({
    type: z.literal('have'),
    /** First and last of each run. */
    ranges: z.array(z.tuple([SegmentNumber, SegmentNumber])).max(SWARM_WIRE.ranges),
    fetching: z.array(SegmentNumber).max(32),
    /** Which segment it plays. */
    playing: SegmentNumber,
  }),
  z.object({ type: z.literal('want'), id: RequestId, segment: SegmentNumber }),
  z.object({ type: z.literal('cancel'), id: RequestId }),
  /** The bytes of an answer follow. */
  z.object({
    type: z.literal('data'),
    id: RequestId,
    segment: SegmentNumber,
    sizeBytes: z.int().positive(),
  }),
  /** There is no such segment here, or not any more. */
  z.object({ type: z.literal('gone'), id: RequestId }),
]);
export type WireMessage = z.infer<typeof WireMessage>;

/** A piece of an answer: the request's id (32 bits, big-endian), then bytes of the segment. */
export function encodeChunk(id: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(4 + bytes.length);
  new DataView(chunk.buffer).setUint32(0, id);
  chunk.set(bytes, 4);
  return chunk;
}

/** `undefined` for what is no chunk: empty, or longer than one may be. */
export function decodeChunk(data: ArrayBuffer): { id: number; bytes: Uint8Array } | undefined {
  if (data.byteLength <= 4 || data.byteLength > 4 + SWARM_WIRE.chunkBytes) return undefined;
  return { id: new DataView(data).getUint32(0), bytes: new Uint8Array(data, 4) };
}

/** `undefined` for what is no message. */
export function decodeText(text: string): WireMessage | undefined {
  if (text.length > SWARM_WIRE.textBytes) return undefined;
  try {
    const parsed = WireMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON, or something that makes a schema throw: no message either way.
    return undefined;
  }
}
