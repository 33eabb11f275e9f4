import { untilAborted } from './until-aborted.ts';
import { watchStream } from './watch-stream.ts';

const PICTURE = { width: 160, height: 90, framesPerSecond: 10 };

/**
 * Encodes a picture, sends it through two connections of this page, decodes and shows it. Needs
 * neither camera nor server. Answers the milliseconds until the first picture was there.
 */
export async function sendPictureToSelf(signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const sender = new RTCPeerConnection();
  const receiver = new RTCPeerConnection();
  const picture = paint();
  try {
    const stream = untilAborted<MediaStream>(signal, (resolve) => {
      const listener = ({ track }: RTCTrackEvent) => resolve(new MediaStream([track]));
      receiver.addEventListener('track', listener);
      return () => receiver.removeEventListener('track', listener);
    });
    for (const track of picture.stream.getTracks()) sender.addTrack(track, picture.stream);
    const received = stream.then((media) => watchStream(media, 1, signal));
    await Promise.all([connect(sender, receiver), received]);
    return performance.now() - startedAt;
  } finally {
    picture.stop();
    sender.close();
    receiver.close();
  }
}

async function connect(sender: RTCPeerConnection, receiver: RTCPeerConnection): Promise<void> {
  await sender.setLocalDescription();
  // Complete descriptions instead of trickled candidates: nothing can come before it is expected.
  await receiver.setRemoteDescription(await gathered(sender));
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(await gathered(receiver));
}

async function gathered(connection: RTCPeerConnection): Promise<RTCSessionDescription> {
  if (connection.iceGatheringState !== 'complete') {
    await new Promise<void>((resolve) => {
      connection.addEventListener('icegatheringstatechange', () => {
        if (connection.iceGatheringState === 'complete') resolve();
      });
    });
  }
  if (!connection.localDescription) throw new Error('This browser made no description.');
  return connection.localDescription;
}

/** A canvas whose picture changes, so that there is something to encode. */
function paint(): { stream: MediaStream; stop(): void } {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE.width;
  canvas.height = PICTURE.height;
  const context = canvas.getContext('2d');
  let hue = 0;
  const draw = () => {
    if (!context) return;
    hue = (hue + 40) % 360;
    context.fillStyle = `hsl(${hue} 60% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  draw();
  const timer = setInterval(draw, 1000 / PICTURE.framesPerSecond);
  const stream = canvas.captureStream(PICTURE.framesPerSecond);
  return {
    stream,
    stop() {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
