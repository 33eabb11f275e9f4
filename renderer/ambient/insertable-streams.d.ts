/** MediaStreamTrack Insertable Streams as Chromium has them (w3c/mediacapture-transform). */
interface MediaStreamTrackProcessorInit {
  track: MediaStreamTrack;
  /** Frames kept for a slow reader; older ones are dropped. */
  maxBufferSize?: number;
}

declare class MediaStreamTrackProcessor<T = VideoFrame> {
  constructor(init: MediaStreamTrackProcessorInit);
  readonly readable: ReadableStream<T>;
}

declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(init: { kind: 'audio' | 'video' });
  readonly writable: WritableStream<VideoFrame>;
}

interface MediaRecorderOptions {
  /** Milliseconds between keyframes (w3c/mediacapture-record); honoured by Chromium. */
  videoKeyFrameIntervalDuration?: number;
}
