import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openStudioRecordings } from '../../support/studio-recordings.ts';
import { ROOM } from './bench-room.ts';

const run = promisify(execFile);

/** About what 0.4 s of the material take. */
const SLICE_BYTES = 128 * 1024;

/** Segments may be this far behind before more is fed: live, ffmpeg is never behind. */
const LAG_BYTES = 8 * 1024 * 1024;

/** Less than two segments: as far as a live recording is behind. */
const LIVE_LAG_BYTES = 1_250_000;

/** Feeds a file to a recording as fast as it goes; answers the time from Stop to `ready`, in ms. */
export async function stopToReadyMs(
  parent: string,
  ffmpegPath: string,
  material: string,
): Promise<number> {
  const dir = await mkdtemp(join(parent, 'stop-'));
  const studio = await openStudioRecordings(dir, ffmpegPath);
  const { recordings } = studio;
  const { recordingId } = await recordings.start(ROOM, 'video/webm;codecs=h264,opus');
  let fedBytes = 0;
  const caughtUp = async (lagBytes: number) => {
    while (fedBytes - recordings.status(recordingId).sizeBytes > lagBytes) await delay(2);
  };
  const file = await open(material);
  try {
    for (let seq = 0; ; seq++) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(SLICE_BYTES), 0, SLICE_BYTES);
      if (bytesRead === 0) break;
      await recordings.append(recordingId, seq, buffer.subarray(0, bytesRead));
      fedBytes += bytesRead;
      await caughtUp(LAG_BYTES);
    }
  } finally {
    await file.close();
  }
  await caughtUp(LIVE_LAG_BYTES);
  const stoppedAtMs = performance.now();
  const status = await recordings.stop(recordingId);
  const readyMs = performance.now() - stoppedAtMs;
  if (status.state !== 'ready') throw new Error(status.error ?? 'The replay is not ready.');
  await studio.close();
  await rm(dir, { recursive: true });
  return readyMs;
}

/** What an MP4 of the same material takes when it is only made after the stop, in ms. */
export async function mp4Ms(
  dir: string,
  ffmpegPath: string,
  material: string,
  codecs: 'copy' | 'x264',
): Promise<number> {
  const output = join(dir, 'whole.mp4');
  const options = {
    copy: ['-c', 'copy'],
    x264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
  };
  const startedAtMs = performance.now();
  await run(ffmpegPath, ['-v', 'error', '-y', '-i', material, ...options[codecs], output]);
  const tookMs = performance.now() - startedAtMs;
  await rm(output);
  return tookMs;
}
