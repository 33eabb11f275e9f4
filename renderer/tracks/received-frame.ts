import type { EncodedFrame } from '../rooms/frame-encryption/frame-sealer.ts';

/** What Chromium tells of a received frame beside its bytes (w3c/webrtc-encoded-transform). */
export interface ReceivedFrame extends EncodedFrame {
  getMetadata(): {
    mimeType?: string;
    rtpTimestamp?: number;
    synchronizationSource?: number;
    /** In ms on this worker's clock. */
    receiveTime?: number;
    /** Pixels; 0 or absent but for keyframes. */
    width?: number;
    height?: number;
  };
}
