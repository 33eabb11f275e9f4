import { openStudioRecordings } from '../../support/studio-recordings.ts';
import { ROOM } from './bench-room.ts';

/**
 * A studio's recordings in a process of its own, to be killed. Records the slices it is sent one
 * by one; on `stop` it finishes the recording and goes.
 *
 * Arguments: data folder, ffmpeg
 */
const [dataDir = '', ffmpegPath = ''] = process.argv.slice(2);
const studio = await openStudioRecordings(dataDir, ffmpegPath);
const { recordings } = studio;
const { recordingId } = await recordings.start(ROOM, 'video/webm;codecs=h264,opus');
let seq = 0;
process.on('message', (message: Uint8Array | 'stop') => {
  if (message === 'stop') void stop();
  else void recordings.append(recordingId, seq++, message);
});
process.send?.('ready');

async function stop(): Promise<void> {
  await recordings.stop(recordingId);
  await studio.close();
  process.disconnect();
}
