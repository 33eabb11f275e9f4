import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import pino from 'pino';
import { RecordingService } from '../../../main/recording/recording-service.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { encodeTrackSlice } from '../../../protocol/track-slice.ts';
import { newSigner, room, WEBM } from '../../integration/recording/recorded-room.ts';
import { trackOf } from '../../integration/recording/track-media.ts';
import { type Latency, latencyOf, MemoryWatch } from '../figures.ts';

const SLICE_MS = 400;
/** As in a room: 30 frames a second of a picture, 50 packets a second of a voice. */
const KINDS = {
  video: { bitsPerSecond: 1_500_000, framesPerSecond: 30 },
  audio: { bitsPerSecond: 32_000, framesPerSecond: 50 },
} as const;
/** What the process takes for itself comes in the first minutes. */
const WARM_UP_MS = 5 * 60_000;

export interface JournalFigures {
  tracks: number;
  hours: number;
  storedGb: number;
  append: Latency;
  lateSlices: number;
  memory: { startMb: number; peakMb: number; endMb: number };
  /** Processor time for each second of one track, in ms: 10 is 1 % of a core. */
  cpuMsPerTrackSecond: number;
  elapsedS: number;
}

/** Hands in the slices of so many tracks, as many hours long, as fast as they can be stored. */
export async function measureJournals(
  dir: string,
  tracks: number,
  hours: number,
): Promise<JournalFigures> {
  const db = openDatabase(join(dir, 'studio.db'));
  const recordings = await RecordingService.open({
    ...{ dir: join(dir, 'recordings'), db, clock: Date.now, ffmpegPath: 'ffmpeg' },
    ...{ signer: newSigner(), logger: pino({ level: 'silent' }), masterKey: randomBytes(32) },
  });
  const { recordingId } = await recordings.start(room(), WEBM);
  const journals = recordings.tracksOf(recordingId);
  const described = Array.from({ length: tracks }, (_, index) =>
    trackOf({ kind: index % 2 === 0 ? 'video' : 'audio', codec: index % 2 === 0 ? 'vp8' : 'opus' }),
  );
  for (const track of described) await journals.begin(track);
  const slices = { video: sliceOf('video'), audio: sliceOf('audio') };
  const latencies: number[] = [];
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  let memory = new MemoryWatch();
  const count = (hours * 3_600_000) / SLICE_MS;
  for (let seq = 0; seq < count; seq += 1) {
    if (seq === Math.floor(WARM_UP_MS / SLICE_MS)) memory = new MemoryWatch();
    await Promise.all(
      described.map(async ({ trackId, kind }) => {
        const handedInAtMs = performance.now();
        await journals.append(trackId, seq, slices[kind]);
        latencies.push(performance.now() - handedInAtMs);
      }),
    );
    if (seq % 250 === 0) memory.sample();
  }
  const cpu = process.cpuUsage(cpuBefore);
  const figures = {
    ...{ tracks, hours, append: latencyOf(latencies), memory: memory.figures() },
    storedGb: journals.writtenBytes / 1e9,
    lateSlices: latencies.filter((ms) => ms > 1000).length,
    cpuMsPerTrackSecond: (cpu.user + cpu.system) / 1000 / (hours * 3600 * tracks),
    elapsedS: (performance.now() - startedAtMs) / 1000,
  };
  // A recording without a programme ends as failed; its tracks are closed with it.
  const ended = once(recordings, 'changed');
  await recordings.close();
  await ended;
  db.close();
  return figures;
}

function sliceOf(kind: keyof typeof KINDS): Uint8Array {
  const { bitsPerSecond, framesPerSecond } = KINDS[kind];
  const frames = (framesPerSecond * SLICE_MS) / 1000;
  const frameBytes = Math.round(bitsPerSecond / 8 / framesPerSecond);
  return encodeTrackSlice(
    Array.from({ length: frames }, (_, index) => ({
      kind: 'frame' as const,
      ...{ keyframe: index === 0, width: 0, height: 0, timestamp: index, atMs: 1 + index },
      data: randomBytes(frameBytes),
    })),
  );
}
