import { readFile } from 'node:fs/promises';
import { openChildRecordings } from './child-recordings.ts';
import { slicesOf } from './media.ts';
import { room, WEBM } from './recorded-room.ts';

/**
 * A studio that records a file's slices in a process of its own, for tests that kill it or take
 * its disk away. Prints `ack N` when slice N is durable, `refused CODE` when one is not taken; then
 * stops and prints `ended STATE`, unless it was told to hang on.
 *
 * Arguments: data folder, stream file, 64 hex digits for master key and identity, `hang` or `stop`
 */
const [dataDir = '', streamFile = '', hex = '', then] = process.argv.slice(2);
const recordings = await openChildRecordings(dataDir, hex);
const { recordingId } = await recordings.start(room(), WEBM);
try {
  for (const [seq, slice] of slicesOf(await readFile(streamFile)).entries()) {
    await recordings.append(recordingId, seq, slice);
    console.log(`ack ${seq}`);
  }
} catch (error) {
  console.log(`refused ${(error as { code?: string }).code}`);
}
if (then === 'stop') {
  console.log(`ended ${(await recordings.stop(recordingId)).state}`);
  await recordings.close();
  process.exit();
}
