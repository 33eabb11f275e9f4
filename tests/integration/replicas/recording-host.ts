import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { Home } from '../../../main/home/home.ts';
import type { SettingsStore } from '../../../main/hosts/host.ts';
import { Identity } from '../../../main/identity/identity.ts';
import { Members } from '../../../main/identity/members.ts';
import { type RecordedRoom, RecordingService } from '../../../main/recording/recording-service.ts';
import { PlacementService } from '../../../main/replicas/placement/placement-service.ts';
import { Settings } from '../../../main/settings/settings.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { recorderStream, slicesOf } from '../recording/media.ts';
import { room, WEBM } from '../recording/recorded-room.ts';
import { MemorySecrets, TestClock } from '../rendezvous/node.ts';

const OWN = 'http://127.0.0.1:40002';

/** A studio's recordings and their copies elsewhere, without its window and its node. */
export async function recordingHost(clock = new TestClock()) {
  const dir = await mkdtemp(join(tmpdir(), 'swarm-copies-'));
  const db = openDatabase(':memory:');
  const kept = new Map<string, unknown>();
  const store: SettingsStore = { get: (key) => kept.get(key), set: (key, to) => kept.set(key, to) };
  const settings = new Settings(store, (name, problem) => {
    throw new Error(`${name}: ${problem}`);
  });
  const identity = await newIdentity('host');
  const members = new Members({ db, clock: clock.now });
  members.claim({ ...identity.profile(), userId: identity.userId, publicKey: identity.publicKey });
  const logger = pino({ level: 'silent' });
  const recordings = await RecordingService.open({
    dir: join(dir, 'recordings'),
    ...{ db, clock: clock.now, logger, ffmpegPath: 'ffmpeg', signer: identity },
    masterKey: new Uint8Array(32).fill(7),
  });
  const home = new Home({
    ...{ settings, identity, uiOrigins: [] },
    own: { name: () => 'The host’s studio', url: OWN, origins: () => [OWN] },
  });
  let held = false;
  const placement = new PlacementService({
    ...{ db, recordings, members, identity, home, settings, clock: clock.now, logger },
    held: () => held,
  });
  onTestFinished(async () => {
    await placement.close();
    await recordings.close();
    await home.close();
    db.close();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    ...{ clock, identity, members, recordings, placement, home },
    hold(now: boolean) {
      held = now;
    },
    /** A recording of some seconds; answers its id. */
    async record(overrides: Partial<RecordedRoom> = {}): Promise<string> {
      const recorded = room({ hostUserId: identity.userId, ...overrides });
      const { recordingId } = await recordings.start(recorded, WEBM);
      for (const [seq, slice] of slicesOf(await recorderStream(5)).entries()) {
        await recordings.append(recordingId, seq, slice);
      }
      await recordings.stop(recordingId);
      await recordings.settled();
      return recordingId;
    },
    /** The states of a recording's copies, by the node they are on. */
    copies(recordingId: string): Record<string, string> {
      const found = placement
        .overview()
        .recordings.find((known) => known.recordingId === recordingId);
      return Object.fromEntries((found?.copies ?? []).map(({ origin, state }) => [origin, state]));
    },
  };
}

/** Somebody with a key of their own. */
export async function newIdentity(handle: string): Promise<Identity> {
  return Identity.open({
    secrets: new MemorySecrets(),
    db: openDatabase(':memory:'),
    clock: Date.now,
    systemUserName: () => handle,
  });
}
