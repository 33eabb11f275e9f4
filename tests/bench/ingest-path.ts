import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { RecordingService } from '../../main/recording/recording-service.ts';
import { openDatabase } from '../../main/storage/database.ts';
import { type Latency, latencyOf, MemoryWatch } from './figures.ts';

export interface PathFigures {
  mediaMinutes: number;
  sizeMb: number;
  mbPerSecond: number;
  append: Latency;
  stopToReadyMs: number;
  segments: number;
  hashesVerified: boolean;
  memory: ReturnType<MemoryWatch['figures']>;
}

/** How far the segments may lag behind before the bench waits: live, ffmpeg is never behind. */
const LAG_BYTES = 16 * 1024 * 1024;
const ROOM_ID = 'room_benchbenchbench';

/**
 * The whole way of a recording, faster than life: slices of a real WebM stream into a recording
 * service, with ffmpeg cutting and encrypting segments as they come; then Stop.
 */
export async function measurePath(
  dir: string,
  ffmpegPath: string,
  totalBytes: number,
  sliceBytes: number,
): Promise<PathFigures> {
  const db = openDatabase(join(dir, 'studio.db'));
  const recordings = await openService(dir, db, ffmpegPath);
  const room = { roomId: ROOM_ID, title: 'Bench', visibility: 'invite-only' as const };
  const { recordingId } = await recordings.start(
    { ...room, hostUserId: 'u_hosthosthosthosthost00', allowedUserIds: [] },
    'video/webm;codecs=h264,opus',
  );
  const camera = await endlessStream(dir, ffmpegPath);
  const memory = new MemoryWatch();
  const appendMs: number[] = [];
  const started = performance.now();
  let fedBytes = 0;
  for await (const slice of slicesOf(camera, sliceBytes)) {
    const start = performance.now();
    await recordings.append(recordingId, appendMs.length, slice);
    appendMs.push(performance.now() - start);
    fedBytes += slice.length;
    if (appendMs.length % 16 === 0) memory.sample();
    if (fedBytes >= totalBytes) break;
    await caughtUp(recordings, fedBytes, LAG_BYTES);
  }
  camera.kill('SIGKILL');
  // Where a live recorder would be: all but the segment that is being cut is published.
  await caughtUp(recordings, fedBytes, 4 * 1024 * 1024);
  const seconds = (performance.now() - started) / 1e3;

  const stop = performance.now();
  const status = await recordings.stop(recordingId);
  const stopToReadyMs = performance.now() - stop;
  if (status.state !== 'ready') throw new Error(status.error ?? 'the recording is not ready');
  const figures = memory.figures();
  const { ok, checkedFiles } = await recordings.verify(recordingId);
  await recordings.close();
  db.close();
  await rm(join(dir, 'recordings'), { recursive: true });
  return {
    mediaMinutes: status.durationMs / 60_000,
    sizeMb: fedBytes / 1e6,
    mbPerSecond: fedBytes / 1e6 / seconds,
    append: latencyOf(appendMs),
    stopToReadyMs,
    segments: checkedFiles - 1,
    hashesVerified: ok,
    memory: figures,
  };
}

async function openService(
  dir: string,
  db: ReturnType<typeof openDatabase>,
  ffmpegPath: string,
): Promise<RecordingService> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return RecordingService.open({
    dir: join(dir, 'recordings'),
    db,
    ffmpegPath,
    clock: () => Date.now(),
    logger: pino({ level: 'warn' }, pino.destination(2)),
    masterKey: randomBytes(32),
    signer: {
      userId: 'u_hosthosthosthosthost00',
      publicKey: String(publicKey.export({ format: 'jwk' }).x),
      sign: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
    },
  });
}

/** Waits until what is published is at most `lagBytes` behind what was fed. */
async function caughtUp(
  recordings: RecordingService,
  fedBytes: number,
  lagBytes: number,
): Promise<void> {
  while (fedBytes - (recordings.statusOfRoom(ROOM_ID)?.sizeBytes ?? 0) > lagBytes) await delay(2);
}

/** 720p at 8 Mbit/s with sound: 20 s are encoded, then repeated without end by copying. */
async function endlessStream(dir: string, ffmpegPath: string): Promise<ChildProcess> {
  const clip = join(dir, 'clip.mkv');
  const encoder = spawn(ffmpegPath, [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30,noise=alls=12:allf=t'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '20'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ...['-b:v', '8M', '-maxrate', '8M', '-bufsize', '8M', '-g', '60', '-sc_threshold', '0'],
    ...['-c:a', 'libopus', '-b:a', '64k', clip],
  ]);
  await once(encoder, 'exit');
  return spawn(
    ffmpegPath,
    [
      ...['-v', 'error', '-stream_loop', '-1', '-i', clip, '-c', 'copy'],
      ...['-f', 'matroska', '-live', '1', 'pipe:1'],
    ],
    // It complains when it is killed at the end.
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
}

async function* slicesOf(camera: ChildProcess, sliceBytes: number): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of camera.stdout ?? []) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= sliceBytes) {
      yield rest.subarray(0, sliceBytes);
      rest = rest.subarray(sliceBytes);
    }
  }
}
