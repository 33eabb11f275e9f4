import type { EncodedFrame } from './frame-sealer.ts';
import { clearBytes, openFrame, readFrameNumber } from './sealed-frame.ts';

/** Why a frame was not let through. */
export type FrameRefusal = 'not-sealed' | 'key-unknown' | 'replayed' | 'forged' | 'codec';

/** Decrypts the frames of one receiver. */
export class FrameOpener {
  readonly #keyOf: (keyId: number) => CryptoKey | undefined;
  /** The last frame that was let through, by key and stream: older ones are replays. */
  readonly #last = new Map<string, bigint>();

  constructor(keyOf: (keyId: number) => CryptoKey | undefined) {
    this.#keyOf = keyOf;
  }

  /** Puts the plain frame in the sealed one's place, or says why it can't go on to the decoder. */
  async open(frame: EncodedFrame): Promise<FrameRefusal | undefined> {
    const clear = clearBytes(frame.getMetadata().mimeType ?? '', frame.type === 'key');
    if (clear === undefined) return 'codec';
    const number = readFrameNumber(frame.data);
    if (!number) return 'not-sealed';
    const key = this.#keyOf(number.keyId);
    if (!key) return 'key-unknown';
    const place = `${number.keyId}/${number.stream}`;
    const last = this.#last.get(place);
    if (last !== undefined && number.counter <= last) return 'replayed';
    try {
      frame.data = await openFrame(frame.data, clear, key);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'OperationError') return 'forged';
      throw error;
    }
    this.#last.set(place, number.counter);
    return undefined;
  }

  /** A key that is no longer used takes its streams' places with it. */
  forget(keyId: number): void {
    for (const place of this.#last.keys()) {
      if (place.startsWith(`${keyId}/`)) this.#last.delete(place);
    }
  }
}
