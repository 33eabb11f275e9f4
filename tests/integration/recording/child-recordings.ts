import { join } from 'node:path';
import pino from 'pino';
import { RecordingService } from '../../../main/recording/recording-service.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { newSigner } from './recorded-room.ts';

/**
 * The recordings of a data folder, in a process of their own that a test may kill.
 *
 * @param hex 64 hex digits for master key and identity
 */
export function openChildRecordings(dataDir: string, hex: string): Promise<RecordingService> {
  const secret = Buffer.from(hex, 'hex');
  return RecordingService.open({
    dir: join(dataDir, 'recordings'),
    db: openDatabase(join(dataDir, 'studio.db')),
    clock: () => Date.now(),
    logger: pino({ level: 'silent' }),
    ffmpegPath: 'ffmpeg',
    signer: newSigner(secret),
    masterKey: secret,
  });
}
