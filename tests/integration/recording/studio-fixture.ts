import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import {
  type RecordedRoom,
  RecordingService,
  type RecordingServiceOptions,
} from '../../../main/recording/recording-service.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import type { RecordingStatus } from '../../../protocol/recordings.ts';
import { newSigner, room, WEBM } from './recorded-room.ts';

/** For `expect.poll`: a busy machine is given time; an idle one takes milliseconds. */
export const PATIENCE = { timeout: 20_000, interval: 10 };

/** A temporary data folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'swarm-recording-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export interface Fixture {
  dataDir: string;
  dir: string;
  db: DatabaseSync;
  options: RecordingServiceOptions;
  recordings: RecordingService;
  /** Milliseconds since the epoch; tests turn it. */
  clock: { nowMs: number };
  folderOf(recordingId: string): string;
}

/** A recording service on real files, closed when the test ends. */
export async function openRecordings(
  overrides: Partial<RecordingServiceOptions> & { dataDir?: string } = {},
): Promise<Fixture> {
  const { dataDir = await temporaryFolder(), ...rest } = overrides;
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const db = rest.db ?? openDatabase(join(dataDir, 'studio.db'));
  const options: RecordingServiceOptions = {
    dir: join(dataDir, 'recordings'),
    clock: () => clock.nowMs,
    // Time passes as the clock says, unless a test is about just that.
    steadyClock: () => clock.nowMs,
    logger: pino({ level: 'silent' }),
    ffmpegPath: 'ffmpeg',
    signer: newSigner(),
    masterKey: randomBytes(32),
    ...rest,
    db,
  };
  const recordings = await RecordingService.open(options);
  onTestFinished(async () => {
    await recordings.close();
    if (!rest.db) db.close();
  });
  const { dir } = options;
  const folderOf = (recordingId: string) => join(dir, recordingId);
  return { dataDir, dir, db, options, recordings, clock, folderOf };
}

/** Starts a recording and hands in all slices, one after the other. */
export async function record(
  recordings: RecordingService,
  slices: readonly Uint8Array[],
  of: RecordedRoom = room(),
): Promise<string> {
  const { recordingId } = await recordings.start(of, WEBM);
  for (const [seq, slice] of slices.entries()) await recordings.append(recordingId, seq, slice);
  return recordingId;
}

/** Resolves with the status that first satisfies the condition. */
export async function statusWhere(
  recordings: RecordingService,
  condition: (status: RecordingStatus) => boolean,
): Promise<RecordingStatus> {
  for (;;) {
    const [, status] = await once(recordings, 'changed');
    if (condition(status)) return status;
  }
}
