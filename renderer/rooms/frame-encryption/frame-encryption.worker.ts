import type { FrameCommand, FrameReport, TransformOptions } from './frame-messages.ts';
import { FrameOpener } from './frame-opener.ts';
import { type EncodedFrame, FrameSealer, type SendingKey } from './frame-sealer.ts';

/** As in w3c/webrtc-encoded-transform; the window's types have it for windows alone. */
interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  readonly options: TransformOptions;
  sendKeyFrameRequest?(): Promise<void>;
}

/** Keys of one peer: the newest, and the one before it for frames that are on their way. */
const KEYS_PER_PEER = 2;

const peers = new Map<string, Map<number, CryptoKey>>();
/** Pictures that can't be shown until a keyframe comes under a key we have. */
const waiting = new Map<string, Set<() => void>>();
let sending: SendingKey | undefined;

addEventListener('message', ({ data }: MessageEvent<FrameCommand>) => {
  switch (data.type) {
    case 'send-with':
      sending = { keyId: data.keyId, key: data.key };
      return;
    case 'peer-key': {
      const keys = peers.get(data.peerId) ?? new Map<number, CryptoKey>();
      peers.set(data.peerId, keys);
      keys.delete(data.keyId);
      keys.set(data.keyId, data.key);
      for (const keyId of [...keys.keys()].slice(0, -KEYS_PER_PEER)) keys.delete(keyId);
      for (const ask of waiting.get(data.peerId) ?? []) ask();
      return;
    }
    case 'peer-gone':
      peers.delete(data.peerId);
      waiting.delete(data.peerId);
      return;
  }
});

addEventListener('rtctransform', (event) => {
  const { transformer } = event as Event & { transformer: Transformer };
  const { options } = transformer;
  const transform = options.operation === 'seal' ? sealing() : opening(transformer, options.peerId);
  transformer.readable
    .pipeThrough(transform)
    .pipeTo(transformer.writable)
    // The sender or receiver was stopped: there is nothing left to do.
    .catch((error) => console.info('An encrypted stream ended.', error));
});

function sealing(): TransformStream<EncodedFrame, EncodedFrame> {
  const sealer = new FrameSealer(
    () => sending,
    (mimeType) => report({ type: 'codec-refused', mimeType }),
  );
  return new TransformStream({
    async transform(frame, controller) {
      if (await sealer.seal(frame)) controller.enqueue(frame);
    },
  });
}

function opening(
  transformer: Transformer,
  peerId: string,
): TransformStream<EncodedFrame, EncodedFrame> {
  const opener = new FrameOpener((keyId) => peers.get(peerId)?.get(keyId));
  const askForKeyframe = () => {
    transformer
      .sendKeyFrameRequest?.()
      // Audio has none to ask for.
      .catch((error) => console.info('No keyframe was asked for.', error));
  };
  const asking = waiting.get(peerId) ?? new Set();
  waiting.set(peerId, asking.add(askForKeyframe));
  let told: string | undefined;
  return new TransformStream({
    async transform(frame, controller) {
      const why = await opener.open(frame);
      if (!why) controller.enqueue(frame);
      else if (why !== told) report({ type: 'refused', peerId, why });
      told = why;
    },
  });
}

function report(message: FrameReport): void {
  postMessage(message);
}
