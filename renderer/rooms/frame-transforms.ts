/**
 * What encoded frames pass through on their way out and in (w3c/webrtc-encoded-transform): end-to-end
 * encryption in rooms that ask for it, a recording's tap where the host may record. The mesh calls
 * it; what happens to the frames is not its business.
 */
export interface FrameTransforms {
  /** The one video codec whose frames it can take, e.g. `video/VP8`; absent where it takes all. */
  readonly videoMimeType?: string;
  /**
   * Before this sender's first frame leaves for a peer; absent where frames leave as they are. May
   * be told of the same sender again; a connection that is made anew has new ones.
   */
  protect?(sender: RTCRtpSender, peerId: string): void;
  /**
   * Before the first frame of a track of this peer's is decoded. May be told of the same receiver
   * again.
   */
  open(receiver: RTCRtpReceiver, peerId: string): void;
}
