import type { TrackKind } from './capture-messages.ts';
import type { FrameSource } from './frame-capture.ts';

/** As in w3c/webrtc-encoded-transform; the window's types have it for windows alone. */
export interface FrameTransformer<F, O> {
  readonly readable: ReadableStream<F>;
  readonly writable: WritableStream<F>;
  readonly options: O;
  sendKeyFrameRequest?(): Promise<void>;
}

/** Whose frames come out of a receiver's transformer. */
export function sourceOf(
  transformer: FrameTransformer<unknown, { peerId: string; kind: TrackKind }>,
): FrameSource {
  const { peerId, kind } = transformer.options;
  return { peerId, kind, askForKeyframe: () => askForKeyframe(transformer) };
}

/** Asks a receiver's sender for a keyframe; audio has none to ask for. */
export function askForKeyframe(transformer: FrameTransformer<unknown, unknown>): void {
  transformer
    .sendKeyFrameRequest?.()
    .catch((error) => console.info('No keyframe was asked for.', error));
}
