import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import pino from 'pino';
import { RecordingService } from '../../../main/recording/recording-service.ts';
import { openDatabase } from '../../../main/storage/database.ts';

/** Bytes that may be ahead of the segments: live, ffmpeg is never far behind. */
const LAG_BYTES = 16 * 1024 * 1024;

/** A replay on disk. */
export interface Replay {
  playlist: string;
  durationMs: number;
}

/** Makes a replay of slices, all the way through journal and ffmpeg. */
export async function recordSlices(
  dir: string,
  ffmpegPath: string,
  slices: Iterable<Uint8Array>,
): Promise<Replay> {
  const db = openDatabase(join(dir, 'studio.db'));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const recordings = await RecordingService.open({
    ...{ dir: join(dir, 'recordings'), db, ffmpegPath },
    clock: Date.now,
    logger: pino({ level: 'warn' }, pino.destination(2)),
    masterKey: randomBytes(32),
    signer: {
      userId: 'u_hosthosthosthosthost00',
      publicKey: String(publicKey.export({ format: 'jwk' }).x),
      sign: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
    },
  });
  const { recordingId } = await recordings.start(
    {
      ...{ roomId: 'room_benchbenchbench', title: 'Bench', visibility: 'public' },
      ...{ hostUserId: 'u_hosthosthosthosthost00', allowedUserIds: [] },
    },
    'video/webm;codecs=h264,opus',
  );
  let seq = 0;
  let fedBytes = 0;
  for (const slice of slices) {
    await recordings.append(recordingId, seq++, slice);
    fedBytes += slice.length;
    while (fedBytes - recordings.status(recordingId).sizeBytes > LAG_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const status = await recordings.stop(recordingId);
  if (status.state !== 'ready') throw new Error(status.error ?? 'the replay is not ready');
  const playlist = join(recordings.folderOf(recordingId), 'index.m3u8');
  await recordings.close();
  db.close();
  return { playlist, durationMs: status.durationMs };
}
