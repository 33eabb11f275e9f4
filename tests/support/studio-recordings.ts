import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { systemClock } from '../../main/clock.ts';
import { FileSecretStore } from '../../main/hosts/file-secret-store.ts';
import { SecretFiles } from '../../main/hosts/secret-files.ts';
import { Identity } from '../../main/identity/identity.ts';
import { openMasterKey } from '../../main/recording/keys/master-key.ts';
import { RecordingService } from '../../main/recording/recording-service.ts';
import { openDatabase } from '../../main/storage/database.ts';

/** The recordings of a studio on a data folder, opened as the browser host opens them. */
export interface StudioRecordings {
  db: DatabaseSync;
  identity: Identity;
  recordings: RecordingService;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Opens them in this process, before a studio runs on the folder or after. */
export async function openStudioRecordings(
  dataDir: string,
  ffmpegPath = 'ffmpeg',
): Promise<StudioRecordings> {
  const secrets = secretsOf(dataDir);
  const db = openDatabase(join(dataDir, 'studio.db'));
  const identity = await Identity.open({ secrets, db, clock: systemClock });
  const recordings = await RecordingService.open({
    dir: join(dataDir, 'recordings'),
    db,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    ffmpegPath,
    signer: identity,
    masterKey: await openMasterKey(secrets),
  });
  return {
    db,
    identity,
    recordings,
    async close() {
      await recordings.close();
      if (db.isOpen) db.close();
    },
  };
}

/** The keys of a studio in the browser host. */
export function secretsOf(dataDir: string): FileSecretStore {
  return new FileSecretStore(new SecretFiles(join(dataDir, 'secrets'), () => undefined));
}
