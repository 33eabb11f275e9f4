import type { TrackKind } from '../../tracks/capture-messages.ts';
import type { FrameRefusal } from './frame-opener.ts';

/** What `RTCRtpScriptTransform` hands to the worker with each sender and receiver. */
export type TransformOptions = { operation: 'seal' } | OpenOptions;

/** … with each receiver. */
export interface OpenOptions {
  operation: 'open';
  peerId: string;
  kind: TrackKind;
}

/** What the window tells the worker. */
export type FrameCommand =
  /** Encrypt with this key from now on. */
  | { type: 'send-with'; keyId: number; key: CryptoKey }
  /** A peer encrypts with this key now; its former one holds for what is on its way. */
  | { type: 'peer-key'; peerId: string; keyId: number; key: CryptoKey }
  | { type: 'peer-gone'; peerId: string };

/** What the worker tells the window. */
export type FrameReport =
  | { type: 'codec-refused'; mimeType: string }
  /** The first refusal of its kind since the last frame that was let through. */
  | { type: 'refused'; peerId: string; why: FrameRefusal };
