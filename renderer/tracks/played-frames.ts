import { hostClockMs } from '../media/host-clock.ts';

/** A frame of an RTP stream, and when it was heard or seen. */
export interface PlayedFrame {
  ssrc: number;
  timestamp: number;
  /** ms since the epoch, on the host's clock. */
  atMs: number;
}

/** Older reports say nothing new: nothing has been played since. */
const MAX_AGE_MS = 2_000;

/**
 * What a receiver played last (`getSynchronizationSources`, w3c/webrtc-pc section 5.3): the one
 * place where a page learns how RTP timestamps relate to its clock and to each other. Sender
 * reports, which say it for the sender's clock, are not visible to scripts.
 */
export function playedFrames(receivers: Iterable<RTCRtpReceiver>): PlayedFrame[] {
  const nowMs = hostClockMs();
  return [...receivers].flatMap((receiver) =>
    receiver
      .getSynchronizationSources()
      .filter(({ timestamp }) => nowMs - epochMs(timestamp) < MAX_AGE_MS)
      .map(({ source, rtpTimestamp, timestamp }) => ({
        ssrc: source,
        timestamp: rtpTimestamp,
        atMs: epochMs(timestamp),
      })),
  );
}

/** Chromium 156 gives ms since the epoch; the specification, ms since the page's time origin. */
function epochMs(timestamp: number): number {
  return timestamp < performance.timeOrigin ? performance.timeOrigin + timestamp : timestamp;
}
