// MediaStreamTrack Insertable Streams as Chromium has them (w3c/mediacapture-transform).
/// <reference types="dom-mediacapture-transform" />

interface MediaRecorderOptions {
  /** Milliseconds between keyframes (w3c/mediacapture-record); honoured by Chromium. */
  videoKeyFrameIntervalDuration?: number;
}
