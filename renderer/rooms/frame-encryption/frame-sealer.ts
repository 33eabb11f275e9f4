import { clearBytes, sealFrame } from './sealed-frame.ts';

/** An encoded frame of WebRTC's, audio or video (w3c/webrtc-encoded-transform). */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Video alone: `key` or `delta`. */
  readonly type?: string;
  getMetadata(): { mimeType?: string };
}

/** The key that frames are encrypted with from now on. */
export interface SendingKey {
  keyId: number;
  key: CryptoKey;
}

/** Numbers the encrypting senders of this page, so that no two share a stream. */
let streams = 0;

/** Encrypts the frames of one sender. */
export class FrameSealer {
  readonly #sendingKey: () => SendingKey | undefined;
  readonly #refused: (codec: string) => void;
  readonly #stream = streams++;
  #counter = 0n;

  /** @param refused told of a codec that can't be encrypted; its frames are not sent. */
  constructor(sendingKey: () => SendingKey | undefined, refused: (codec: string) => void) {
    this.#sendingKey = sendingKey;
    this.#refused = refused;
  }

  /** `false`: this frame must not be sent. Nothing ever leaves unencrypted. */
  async seal(frame: EncodedFrame): Promise<boolean> {
    const sending = this.#sendingKey();
    if (!sending) return false;
    const { mimeType = '' } = frame.getMetadata();
    const clear = clearBytes(mimeType, frame.type === 'key');
    if (clear === undefined) {
      this.#refused(mimeType);
      return false;
    }
    const number = { keyId: sending.keyId, stream: this.#stream, counter: this.#counter++ };
    frame.data = await sealFrame(frame.data, clear, sending.key, number);
    return true;
  }
}
