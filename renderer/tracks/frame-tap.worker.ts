import type { CaptureOrder } from './capture-messages.ts';
import { FrameCapture } from './frame-capture.ts';
import type { TapOptions } from './frame-tap.ts';
import type { ReceivedFrame } from './received-frame.ts';
import { type FrameTransformer, sourceOf } from './transformer.ts';

const capture = new FrameCapture();

addEventListener('message', ({ data }: MessageEvent<CaptureOrder>) => capture.begin(data.port));

/** Every frame goes on as it came; a copy of it may stay. */
addEventListener('rtctransform', (event) => {
  const { transformer } = event as Event & {
    transformer: FrameTransformer<ReceivedFrame, TapOptions>;
  };
  const source = sourceOf(transformer);
  transformer.readable
    .pipeThrough(
      new TransformStream<ReceivedFrame, ReceivedFrame>({
        transform(frame, controller) {
          capture.take(source, frame);
          controller.enqueue(frame);
        },
      }),
    )
    .pipeTo(transformer.writable)
    // The receiver was stopped: there is nothing left to do.
    .catch((error) => console.info('A received stream ended.', error))
    .finally(() => capture.gone(source));
});
