import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { systemClock } from '../../clock.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import { ReadableLines } from '../../diagnostics/readable-lines.ts';
import { Feed } from '../../feed/feed.ts';
import { publishRecordings } from '../../publishing/publish-recordings.ts';
import { RecordedRooms } from '../../publishing/recorded-rooms.ts';
import { LibraryService } from '../../recording/library/library-service.ts';
import { RecordingLibrary } from '../../recording/library/recording-library.ts';
import { findFfmpeg } from '../../recording/packaging/find-ffmpeg.ts';
import {
  RecordingService,
  type RecordingServiceOptions,
} from '../../recording/recording-service.ts';
import { RoomRegistry } from '../../rendezvous/room-registry.ts';
import { SqliteRoomStore } from '../../rendezvous/sqlite-room-store.ts';
import { Settings } from '../../settings/settings.ts';
import { openDatabase } from '../../storage/database.ts';
import { openDatabaseReadOnly } from '../../storage/read-only-database.ts';
import { defaultDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-folder-lock.ts';
import { FileSecretStore } from '../file-secret-store.ts';
import { LaunchProblem } from '../launch-problem.ts';
import { SecretFiles } from '../secret-files.ts';
import { settingsFile } from '../settings-file.ts';
import { openOwnerKeys } from './owner-keys.ts';

/** SQLITE_READONLY: tables would have to be brought up to date first. */
const READ_ONLY = 8;

/** A studio's recordings to read, beside the studio or without it. */
export interface ReadableLibrary {
  library: LibraryService;
  close(): Promise<void>;
}

/** A studio's recordings to change; no studio runs on them meanwhile. */
export interface WritableLibrary {
  recordings: RecordingService;
  close(): Promise<void>;
}

/**
 * Opens the recordings of a data folder without claiming it: a studio may run on it, or start.
 * Throws `bad-arguments` where there is none, `secrets-locked`, `start-failed` for a folder that
 * an older version left.
 */
export async function openReadable(folder: string | undefined): Promise<ReadableLibrary> {
  const dataDir = await existingFolder(folder);
  const db = openDatabaseReadOnly(databaseIn(dataDir));
  try {
    const logger = terminalLogger();
    const options = await serviceOptions(dataDir, db, logger);
    const library = new LibraryService({
      library: new RecordingLibrary(options, {
        liveMedia: () => undefined,
        tell: () => undefined,
      }),
      clock: systemClock,
      ffmpegPath: options.ffmpegPath,
      exportFolder: options.exportFolder,
      readOnly: true,
    });
    return {
      library,
      async close() {
        await library.close();
        db.close();
      },
    };
  } catch (error) {
    db.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === READ_ONLY)) throw error;
    throw new LaunchProblem(
      'start-failed',
      `The data in ${dataDir} was written by an older version. Start the studio on it once, then try again.`,
      { cause: error },
    );
  }
}

/** Claims the data folder and opens its recordings. Throws as above, and `data-folder-in-use`. */
export async function openWritable(folder: string | undefined): Promise<WritableLibrary> {
  const dataDir = await existingFolder(folder);
  const lock = await lockDataFolder(dataDir);
  const db = openDatabase(databaseIn(dataDir));
  try {
    const logger = terminalLogger();
    const clock = systemClock;
    // As in a studio: what happens to a recording reaches its room and its post.
    const rooms = new RoomRegistry({ clock, store: new SqliteRoomStore({ db, logger }) });
    const feed = new Feed({ db, clock });
    const recordedRooms = new RecordedRooms(db);
    const recordings = await RecordingService.open(await serviceOptions(dataDir, db, logger));
    publishRecordings({ recordings, rooms, feed, recordedRooms, clock });
    return {
      recordings,
      async close() {
        await recordings.close();
        rooms.flush();
        db.close();
        lock.release();
      },
    };
  } catch (error) {
    db.close();
    lock.release();
    throw error;
  }
}

async function existingFolder(folder: string | undefined): Promise<string> {
  const dataDir = folder ?? defaultDataFolder(process.platform, process.env, homedir());
  await access(databaseIn(dataDir)).catch((cause: unknown) => {
    throw new LaunchProblem(
      'bad-arguments',
      `There is no studio's data in ${dataDir}. Name the folder with --data DIR.`,
      { cause },
    );
  });
  return dataDir;
}

function databaseIn(dataDir: string): string {
  return join(dataDir, 'studio.db');
}

/** The log file is the studio's, which may be writing it. */
function terminalLogger(): Logger {
  return pino({ level: 'warn' }, new ReadableLines(process.stderr));
}

async function serviceOptions(
  dataDir: string,
  db: DatabaseSync,
  logger: Logger,
): Promise<RecordingServiceOptions & { exportFolder: () => string }> {
  const file = settingsFile(dataDir);
  // Only read: what a newer version would bring up to date stays as it is.
  const settings = new Settings({ get: (key) => file.get(key), set: () => undefined }, (name) => {
    logger.warn({ name }, `the setting ${name} can't be used, its default holds`);
  });
  const secrets = new FileSecretStore(
    new SecretFiles(join(dataDir, 'secrets'), (text) => logger.warn(text)),
  );
  const keys = await openOwnerKeys(secrets, db);
  // Assigned, not spread: a key that can't be had is refused when it is asked for.
  return Object.assign(keys, {
    dir: join(dataDir, 'recordings'),
    db,
    clock: systemClock,
    logger,
    ffmpegPath: (await findFfmpeg()).path,
    retentionDays: () => settings.get('retentionDays'),
    quotaGb: () => settings.get('recordingsQuotaGb') || undefined,
    exportFolder: () => settings.get('exportFolder') || join(dataDir, 'exports'),
  });
}
