import { loudnessOf } from '../../media/loudness.ts';
import { untilAborted } from './until-aborted.ts';

/** Resolves once a stream has shown that many pictures. */
export function watchStream(
  stream: MediaStream,
  frames: number,
  signal: AbortSignal,
): Promise<void> {
  return untilAborted<void>(signal, (resolve, reject) => {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    let seen = 0;
    const count = () => {
      seen++;
      if (seen >= frames) resolve();
      else video.requestVideoFrameCallback(count);
    };
    video.requestVideoFrameCallback(count);
    video.play().catch(reject);
    return () => {
      video.srcObject = null;
    };
  });
}

/** The loudest root mean square of a stream's sound within `ms`, or the first above `enough`. */
export async function listenTo(
  stream: MediaStream,
  { ms, enough }: { ms: number; enough: number },
  signal: AbortSignal,
): Promise<number> {
  const context = new AudioContext();
  try {
    await context.resume();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    return await loudest(analyser, { ms, enough }, signal);
  } finally {
    await context.close();
  }
}

function loudest(
  analyser: AnalyserNode,
  { ms, enough }: { ms: number; enough: number },
  signal: AbortSignal,
): Promise<number> {
  const samples = new Float32Array(analyser.fftSize);
  // The analyser holds the last 2048 samples, 43 ms at 48 kHz: asked this often, it misses none.
  const everyMs = 40;
  let peak = 0;
  let heardMs = 0;
  return untilAborted(signal, (resolve) => {
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      peak = Math.max(peak, loudnessOf(samples));
      heardMs += everyMs;
      if (peak >= enough || heardMs >= ms) resolve(peak);
    }, everyMs);
    return () => clearInterval(timer);
  });
}
