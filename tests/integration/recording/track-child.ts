import { openChildRecordings } from './child-recordings.ts';
import { room, WEBM } from './recorded-room.ts';
import { entriesOf, opusFrames, trackOf, trackSlices } from './track-media.ts';

/**
 * A studio that keeps a separate track in a process of its own, for a test that kills it. Prints
 * the recording's id, then `ack N` when slice N is durable.
 *
 * Arguments: data folder, 64 hex digits for master key and identity
 */
const [dataDir = '', hex = ''] = process.argv.slice(2);
const recordings = await openChildRecordings(dataDir, hex);
const { recordingId } = await recordings.start(room(), WEBM);
console.log(recordingId);
const tracks = recordings.tracksOf(recordingId);
const track = trackOf();
await tracks.begin(track);
const journey = { kind: 'audio' as const, playedFromMs: track.takeStartedAtMs };
for (const [seq, slice] of trackSlices(entriesOf(await opusFrames(20), journey)).entries()) {
  await tracks.append(track.trackId, seq, slice);
  console.log(`ack ${seq}`);
}
