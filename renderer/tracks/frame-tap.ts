import type { CaptureOrder, TrackKind } from './capture-messages.ts';
import { type PlayedFrame, playedFrames } from './played-frames.ts';

/** Where a recording gets the encoded frames of a room's people from. */
export interface FrameTaps {
  /** Captures what arrives, over this port (`capture-messages.ts`), until told to finish. */
  capture(port: MessagePort): void;
  /** What was heard and seen last of each stream. */
  played(): PlayedFrame[];
}

/** What `RTCRtpScriptTransform` hands to the worker with each receiver. */
export interface TapOptions {
  peerId: string;
  kind: TrackKind;
}

/** The receivers whose frames pass through a worker, for as long as they receive. */
export class TappedReceivers {
  readonly #receivers = new Set<RTCRtpReceiver>();

  add(receiver: RTCRtpReceiver): void {
    this.#receivers.add(receiver);
  }

  played(): PlayedFrame[] {
    for (const receiver of this.#receivers) {
      if (receiver.track.readyState === 'ended') this.#receivers.delete(receiver);
    }
    return playedFrames(this.#receivers);
  }
}

/**
 * Lets a recording have what is received, frame by frame and as it was encoded. Chromium feeds a
 * receiver's transform only where it was set before the receiver was negotiated, so it has to be
 * there before anybody records.
 */
export class FrameTap implements FrameTaps {
  readonly #worker: Worker;
  readonly #receivers = new TappedReceivers();

  /** @param problem told with a sentence where frames do not pass. */
  constructor(problem: (sentence: string) => void) {
    this.#worker = new Worker(new URL('./frame-tap.worker.ts', import.meta.url), {
      type: 'module',
      name: 'frame-tap',
    });
    this.#worker.onerror = ({ message }) =>
      problem(`What the others send can’t be shown (${message}). Reload this window.`);
  }

  /** Before the first frame of a track of this peer's is decoded; again for the same receiver. */
  open(receiver: RTCRtpReceiver, peerId: string): void {
    if (receiver.transform) return;
    const options: TapOptions = { peerId, kind: receiver.track.kind as TrackKind };
    receiver.transform = new RTCRtpScriptTransform(this.#worker, options);
    this.#receivers.add(receiver);
  }

  capture(port: MessagePort): void {
    const order: CaptureOrder = { type: 'capture', port };
    this.#worker.postMessage(order, [port]);
  }

  played(): PlayedFrame[] {
    return this.#receivers.played();
  }

  stop(): void {
    this.#worker.terminate();
  }
}
