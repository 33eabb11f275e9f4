import { toBase64Url } from '../../protocol/encoding.ts';

/** An id that no other track has (`TrackId`): 96 random bits. */
export function newTrackId(): string {
  return `trk_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
}
