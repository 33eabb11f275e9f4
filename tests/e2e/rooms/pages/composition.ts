/// <reference path="../../../../renderer/ambient/insertable-streams.d.ts" />
import { Composition } from '../../../../renderer/media/composition.ts';
import type { CompositorReport } from '../../../../renderer/media/compositor-messages.ts';

const FORMAT = { width: 320, height: 180, framesPerSecond: 30 };
const TILE = { id: 'ada', name: 'Ada', initials: 'A', showVideo: true };

/** Every frame that anybody in this page has made. */
const made: VideoFrame[] = [];

globalThis.VideoFrame = class extends VideoFrame {
  constructor(image: CanvasImageSource, init?: VideoFrameInit) {
    super(image, init);
    made.push(this);
  }
} as typeof VideoFrame;

/** A camera that always has its next frame ready. */
function camera(): ReadableStream<VideoFrame> {
  const canvas = new OffscreenCanvas(64, 36);
  canvas.getContext('2d')?.fillRect(0, 0, 64, 36);
  let timestamp = 0;
  let cancelled = false;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const frame = new VideoFrame(canvas, { timestamp: timestamp++ });
      if (cancelled) frame.close();
      else controller.enqueue(frame);
    },
    cancel() {
      cancelled = true;
    },
  });
}

/** Composes a few pictures of one camera, and ends as told. */
async function compose(ending: 'stop' | 'track-ends') {
  made.length = 0;
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const reports: CompositorReport[] = [];
  const ended = Promise.withResolvers<void>();
  const composition = new Composition(FORMAT, generator.writable, (report) => {
    // Signs of life, which come each second.
    if (report.type === 'painting') return;
    reports.push(report);
    ended.resolve();
  });
  composition.setTiles([TILE]);
  composition.addSource(TILE.id, camera());
  await pictures(generator, 5);
  if (ending === 'track-ends') generator.stop();
  else await composition.stop();
  await ended.promise;
  composition.addSource('late', camera());
  // What was on its way when it ended has come and gone two pictures later.
  for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  const open = made.filter((frame) => frame.format !== null).length;
  return { reports: reports.map(({ type }) => type), made: made.length, open };
}

async function pictures(track: MediaStreamTrack, count: number): Promise<void> {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, srcObject: new MediaStream([track]) });
  document.body.append(video);
  await video.play();
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  }
  video.remove();
}

const composition = { compose };

/** What the tests call in the page. */
export type CompositionPage = typeof composition;

Object.assign(globalThis, { composition });
