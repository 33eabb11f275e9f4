import type { TrackCodec } from '../../protocol/tracks.ts';

export type TrackKind = 'audio' | 'video';

/** Decoded frames of a camera or a microphone. */
export type RawFrames = ReadableStream<VideoFrame> | ReadableStream<AudioData>;

/** What a worker knows of a track it captures. */
export interface CapturedTrack {
  trackId: string;
  peerId: string;
  kind: TrackKind;
  codec: TrackCodec;
}

/** Hands a worker the port over which it captures frames from now on; the former one is done. */
export interface CaptureOrder {
  type: 'capture';
  port: MessagePort;
}

/** What the window tells a worker that captures. */
export type CaptureCommand =
  /** Whose frames are to be kept, see {@link sourceName}; nobody else's are. */
  | { type: 'wanted'; sources: readonly string[] }
  /** A frame of an RTP stream was heard or seen at that moment, in ms since the epoch. */
  | { type: 'played'; ssrc: number; timestamp: number; atMs: number }
  /** This take of the programme began then, in ms since the epoch; may be told again, known better. */
  | { type: 'take'; take: number; atMs: number }
  /** Encodes one of this window's own tracks, in place of the former one of its kind. */
  | { type: 'own'; peerId: string; kind: TrackKind; readable: RawFrames }
  | { type: 'own-gone'; kind: TrackKind }
  /** Hand over what there is; nothing more is kept. */
  | { type: 'finish' };

/** What it tells the window. */
export type CaptureReport =
  /** The next entries of a track (`protocol/track-slice.ts`). */
  | { type: 'slice'; track: CapturedTrack; bytes: Uint8Array<ArrayBuffer> }
  /** No more will come of it. */
  | { type: 'ended'; trackId: string }
  /** These frames can't be kept. */
  | { type: 'refused'; peerId: string; why: string }
  | { type: 'finished' };

/** A kind of a participant's media, e.g. `peer_…/audio`. */
export function sourceName(peerId: string, kind: TrackKind): string {
  return `${peerId}/${kind}`;
}
