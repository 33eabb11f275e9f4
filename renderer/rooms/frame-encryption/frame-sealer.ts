import { clearBytes, sealFrame } from './sealed-frame.ts';

/** An encoded frame of WebRTC's, audio or video (w3c/webrtc-encoded-transform). */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Video alone: `key` or `delta`. */
  readonly type?: string;
  getMetadata(): { mimeType?: string; synchronizationSource?: number };
}

/** The key that frames are encrypted with from now on. */
export interface SendingKey {
  keyId: number;
  key: CryptoKey;
}

/** Numbers what is encrypted in this page, so that no two share a stream. */
let streams = 0;

/** Encrypts the frames of one sender. */
export class FrameSealer {
  readonly #sendingKey: () => SendingKey | undefined;
  readonly #refused: (codec: string) => void;
  /** By SSRC: each layer of a simulcast is a stream of its own, since a relay goes from one to another. */
  readonly #streams = new Map<number | undefined, { stream: number; counter: bigint }>();

  /** @param refused told of a codec that can't be encrypted; its frames are not sent. */
  constructor(sendingKey: () => SendingKey | undefined, refused: (codec: string) => void) {
    this.#sendingKey = sendingKey;
    this.#refused = refused;
  }

  /** `false`: this frame must not be sent. Nothing ever leaves unencrypted. */
  async seal(frame: EncodedFrame): Promise<boolean> {
    const sending = this.#sendingKey();
    if (!sending) return false;
    const { mimeType = '', synchronizationSource: ssrc } = frame.getMetadata();
    const clear = clearBytes(mimeType, frame.type === 'key');
    if (clear === undefined) {
      this.#refused(mimeType);
      return false;
    }
    frame.data = await sealFrame(frame.data, clear, sending.key, {
      keyId: sending.keyId,
      ...this.#next(ssrc),
    });
    return true;
  }

  #next(ssrc: number | undefined): { stream: number; counter: bigint } {
    const last = this.#streams.get(ssrc);
    const next = last
      ? { stream: last.stream, counter: last.counter + 1n }
      : { stream: streams++, counter: 0n };
    this.#streams.set(ssrc, next);
    return next;
  }
}
