/**
 * Encrypts and decrypts encoded frames end to end (w3c/webrtc-encoded-transform), in rooms that
 * ask for it. The mesh calls it; how frames are encrypted is not its business.
 */
export interface FrameCipher {
  /** The one video codec whose frames it can encrypt, e.g. `video/VP8`; absent where it takes all. */
  readonly videoMimeType?: string;
  /**
   * Before this sender's first frame leaves for a peer. May be told of the same sender again; a
   * connection that is made anew has new ones.
   */
  protect(sender: RTCRtpSender, peerId: string): void;
  /**
   * Before the first frame of a track of this peer's is decoded. May be told of the same receiver
   * again.
   */
  open(receiver: RTCRtpReceiver, peerId: string): void;
}
