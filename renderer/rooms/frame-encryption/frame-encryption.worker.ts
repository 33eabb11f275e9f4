import type { CaptureOrder } from '../../tracks/capture-messages.ts';
import { FrameCapture } from '../../tracks/frame-capture.ts';
import type { ReceivedFrame } from '../../tracks/received-frame.ts';
import { type FrameTransformer, sourceOf } from '../../tracks/transformer.ts';
import type { FrameCommand, FrameReport, OpenOptions, TransformOptions } from './frame-messages.ts';
import { FrameOpener } from './frame-opener.ts';
import { FrameSealer, type SendingKey } from './frame-sealer.ts';

type Transformer = FrameTransformer<ReceivedFrame, TransformOptions>;

/** Keys of one peer: the newest, and the one before it for frames that are on their way. */
const KEYS_PER_PEER = 2;

const peers = new Map<string, Map<number, CryptoKey>>();
/** Pictures that can't be shown until a keyframe comes under a key we have. */
const waiting = new Map<string, Set<() => void>>();
let sending: SendingKey | undefined;
/** Recordings get what was decrypted. */
const capture = new FrameCapture();

addEventListener('message', ({ data }: MessageEvent<FrameCommand | CaptureOrder>) => {
  switch (data.type) {
    case 'capture':
      capture.begin(data.port);
      return;
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
  if (isOpening(transformer)) open(transformer);
  else pipe(transformer, sealing());
});

function isOpening(
  transformer: Transformer,
): transformer is FrameTransformer<ReceivedFrame, OpenOptions> {
  return transformer.options.operation === 'open';
}

function pipe(
  { readable, writable }: Transformer,
  transform: TransformStream<ReceivedFrame, ReceivedFrame>,
): Promise<void> {
  return (
    readable
      .pipeThrough(transform)
      .pipeTo(writable)
      // The sender or receiver was stopped: there is nothing left to do.
      .catch((error) => console.info('An encrypted stream ended.', error))
  );
}

function sealing(): TransformStream<ReceivedFrame, ReceivedFrame> {
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

function open(transformer: FrameTransformer<ReceivedFrame, OpenOptions>): void {
  const { peerId } = transformer.options;
  const source = sourceOf(transformer);
  const opener = new FrameOpener((keyId) => peers.get(peerId)?.get(keyId));
  const asking = waiting.get(peerId) ?? new Set();
  waiting.set(peerId, asking.add(source.askForKeyframe));
  let told: string | undefined;
  const opening = new TransformStream<ReceivedFrame, ReceivedFrame>({
    async transform(frame, controller) {
      const why = await opener.open(frame);
      if (!why) {
        capture.take(source, frame);
        controller.enqueue(frame);
      } else if (why !== told) report({ type: 'refused', peerId, why });
      told = why;
    },
  });
  void pipe(transformer, opening).finally(() => capture.gone(source));
}

function report(message: FrameReport): void {
  postMessage(message);
}
