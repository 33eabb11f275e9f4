/** What a camera is sent with at most. */
export interface VideoLimit {
  /** Pixels; a larger picture is scaled down by the encoder. */
  maxHeight: number;
  /** Bits per second. */
  maxBitrate: number;
  /** Pictures per second. */
  maxFramerate: number;
}

/**
 * Most cameras that a mesh carries well (protocol, "Bandwidth"): everybody sends theirs to everybody
 * else, and home uplinks carry no more.
 */
export const MESH_CAMERAS = 6;

/**
 * How a connection starts: before the bandwidth is known, a large first picture would take its
 * time on the way, and a small one is seen sooner.
 */
export const FIRST_FRAME_LIMIT: VideoLimit = {
  maxHeight: 360,
  maxBitrate: 1_000_000,
  maxFramerate: 30,
};

/** A connection that has stood this long may send what its room allows. */
export const FIRST_FRAME_MS = 2_000;

/**
 * What everybody in a mesh may send to each of the others. One's own uplink and processor carry
 * one encoding per remote peer, so that the picture gets smaller as the room gets larger.
 */
export function meshVideoLimit(remotePeers: number): VideoLimit {
  if (remotePeers <= 1) return { maxHeight: 720, maxBitrate: 1_700_000, maxFramerate: 30 };
  if (remotePeers <= 3) return { maxHeight: 480, maxBitrate: 900_000, maxFramerate: 24 };
  return { maxHeight: 360, maxBitrate: 500_000, maxFramerate: 20 };
}
