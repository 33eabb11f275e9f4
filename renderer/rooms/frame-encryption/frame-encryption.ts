import { fromBase64Url, toBase64Url } from '../../../protocol/encoding.ts';
import type { PeerMessage } from '../../../protocol/peer-messages.ts';
import type { CaptureOrder, TrackKind } from '../../tracks/capture-messages.ts';
import { type FrameTaps, TappedReceivers } from '../../tracks/frame-tap.ts';
import type { PlayedFrame } from '../../tracks/played-frames.ts';
import type { FrameTransforms } from '../frame-transforms.ts';
import { deriveFrameKey, newFrameSecret } from './frame-key.ts';
import type { FrameCommand, FrameReport, TransformOptions } from './frame-messages.ts';
import { PROTECTED_VIDEO_CODEC } from './sealed-frame.ts';

type KeyMessage = Extract<PeerMessage, { type: 'frames:key' }>;

/**
 * Peers hear of a new key over their data channels first; frames under it follow after this long.
 * Until then the former key is used, which everybody still in the room has.
 */
const SWITCH_AFTER_MS = 500;

export interface FrameEncryptionOptions {
  roomId: string;
  selfPeerId: string;
  /** Tells one peer over its data channel, which must be open. */
  send(peerId: string, message: PeerMessage): void;
  /** Told with a sentence when frames can't be encrypted or read. */
  problem(sentence: string): void;
}

/**
 * Encrypts what this page sends and decrypts what it receives, frame by frame and end to end:
 * whatever carries the frames sees ciphertext. Each sender has a key of its own, which its peers
 * learn over their data channels; it is made anew whenever somebody leaves, so that they can't
 * read on. Frames that can't be encrypted are not sent.
 */
export class FrameEncryption implements FrameTransforms, FrameTaps {
  readonly videoMimeType = PROTECTED_VIDEO_CODEC;
  readonly #options: FrameEncryptionOptions;
  readonly #worker: Worker;
  readonly #peers = new Set<string>();
  readonly #receivers = new TappedReceivers();
  #keyId = 0;
  #secret = newFrameSecret();
  #switching: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  /** Keys are derived one after the other: the newest one must also be the last to arrive. */
  #tail: Promise<void> = Promise.resolve();

  constructor(options: FrameEncryptionOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./frame-encryption.worker.ts', import.meta.url), {
      type: 'module',
      name: 'frame-encryption',
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FrameReport>) => this.#hear(data);
    this.#worker.onerror = ({ message }) =>
      options.problem(`This room is encrypted, and the encryption did not start (${message}).`);
    this.#sendWith(this.#keyId, this.#secret);
  }

  /** Whether this browser can do it (w3c/webrtc-encoded-transform). */
  static get supported(): boolean {
    return typeof RTCRtpScriptTransform === 'function';
  }

  /** Nothing of this sender's leaves the page in the clear from now on. */
  protect(sender: RTCRtpSender): void {
    if (sender.transform) return;
    sender.transform = this.#transform({ operation: 'seal' });
  }

  /** Decrypts what comes from this peer. */
  open(receiver: RTCRtpReceiver, peerId: string): void {
    if (receiver.transform) return;
    const kind = receiver.track.kind as TrackKind;
    receiver.transform = this.#transform({ operation: 'open', peerId, kind });
    this.#receivers.add(receiver);
  }

  /** Captures what was decrypted. */
  capture(port: MessagePort): void {
    const order: CaptureOrder = { type: 'capture', port };
    this.#worker.postMessage(order, [port]);
  }

  played(): PlayedFrame[] {
    return this.#receivers.played();
  }

  /** The channel to a peer is open: it learns the key. */
  peerOpened(peerId: string): void {
    this.#peers.add(peerId);
    this.#tell(peerId);
  }

  /** A peer has left: what is sent from now on is not for it any more. */
  peerGone(peerId: string): void {
    this.#command({ type: 'peer-gone', peerId });
    if (!this.#peers.delete(peerId)) return;
    this.#keyId = (this.#keyId + 1) % 256;
    this.#secret = newFrameSecret();
    for (const remaining of this.#peers) this.#tell(remaining);
    clearTimeout(this.#switching);
    const [keyId, secret] = [this.#keyId, this.#secret];
    this.#switching = setTimeout(() => this.#sendWith(keyId, secret), SWITCH_AFTER_MS);
  }

  /** A peer has told its key. */
  received(peerId: string, { keyId, secret }: KeyMessage): void {
    const { roomId } = this.#options;
    this.#after(async () => {
      const key = await deriveFrameKey(fromBase64Url(secret), { roomId, peerId });
      this.#command({ type: 'peer-key', peerId, keyId, key });
    });
  }

  /** Ends it; senders and receivers go with their connections. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#switching);
    this.#worker.terminate();
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }

  #tell(peerId: string): void {
    this.#options.send(peerId, {
      type: 'frames:key',
      keyId: this.#keyId,
      secret: toBase64Url(this.#secret),
    });
  }

  #sendWith(keyId: number, secret: Uint8Array<ArrayBuffer>): void {
    const { roomId, selfPeerId: peerId } = this.#options;
    this.#after(async () => {
      const key = await deriveFrameKey(secret, { roomId, peerId });
      this.#command({ type: 'send-with', keyId, key });
    });
  }

  #after(run: () => Promise<void>): void {
    this.#tail = this.#tail.then(run).catch((error) => {
      console.error('A key of this room could not be used.', error);
      this.#options.problem('This room is encrypted, and a key of it could not be used.');
    });
  }

  #command(command: FrameCommand): void {
    if (!this.#stopped) this.#worker.postMessage(command);
  }

  #hear(report: FrameReport): void {
    if (report.type === 'codec-refused') {
      const sentence = `This room is encrypted, and ${report.mimeType} can’t be: it is not sent.`;
      this.#options.problem(sentence);
      return;
    }
    console.info(`Frames of ${report.peerId} were not let through: ${report.why}.`);
  }
}
