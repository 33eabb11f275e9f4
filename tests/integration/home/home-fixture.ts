import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type Clock, systemClock } from '../../../main/clock.ts';
import { Home } from '../../../main/home/home.ts';
import type { SettingsStore } from '../../../main/hosts/host.ts';
import { type CommunityNode, createNode } from '../../../main/hosts/node/create-node.ts';
import { Enrolments } from '../../../main/hosts/node/enrolments.ts';
import { nodeDatabase } from '../../../main/hosts/node/node-files.ts';
import { Identity } from '../../../main/identity/identity.ts';
import { Settings } from '../../../main/settings/settings.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { MemorySecrets } from '../rendezvous/node.ts';

/** The origin of the studio's window in these tests. */
export const WINDOW = 'http://127.0.0.1:40001';

/** This studio's own node: never asked anything here. */
const OWN = 'http://127.0.0.1:40002';

/** What one studio keeps, as its home sees it; opening another on the same store is a restart. */
export async function studioHome(handle = 'sam', kept: Record<string, unknown> = {}) {
  const store: SettingsStore = {
    get: (key) => kept[key],
    set: (key, value) => {
      kept[key] = value;
    },
  };
  const settings = new Settings(store, (name, problem) => {
    throw new Error(`${name}: ${problem}`);
  });
  const identity = await Identity.open({
    secrets: new MemorySecrets(),
    db: openDatabase(':memory:'),
    clock: systemClock,
    systemUserName: () => handle,
  });
  const home = new Home({
    settings,
    identity,
    uiOrigins: [WINDOW],
    own: { name: () => 'Sam’s studio', url: OWN, origins: () => [OWN] },
  });
  return { home, identity, kept };
}

export interface RunningNode extends CommunityNode {
  dataDir: string;
  /** The same node again after a {@link CommunityNode.shutdown}, at the same address. */
  comeBack(): Promise<void>;
  /** A token to enrol with. */
  invite(lifetimeMs?: number): string;
  stop(): Promise<void>;
}

/** A community's node of its own process' kind, on loopback. */
export async function startCommunityNode(
  options: { open?: boolean; replicaBytes?: number; clock?: Clock } = {},
): Promise<RunningNode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'swarm-home-'));
  const store = new Map<string, unknown>();
  const secrets = new MemorySecrets();
  const start = (port: number) =>
    createNode({
      dataDir,
      name: 'Choir',
      port,
      network: {
        listen: 'this-computer',
        networkPort: undefined,
        publicOrigin: undefined,
        tls: undefined,
      },
      open: options.open === true,
      replicaBytes: options.replicaBytes ?? 0,
      ...(options.clock && { clock: options.clock }),
      uiDir: dataDir,
      secrets,
      settings: { get: (key) => store.get(key), set: (key, value) => void store.set(key, value) },
      logger: pino({ level: 'silent' }),
    });
  let node: CommunityNode | undefined = await start(0);
  const { origin, loopbackOrigin, fingerprint, ownFingerprint } = node;
  return {
    ...{ origin, loopbackOrigin, fingerprint, ownFingerprint, dataDir },
    sweepReplicas: async () => node?.sweepReplicas(),
    async shutdown() {
      await node?.shutdown();
      node = undefined;
    },
    async comeBack() {
      node = await start(Number(new URL(origin).port));
    },
    invite(lifetimeMs = 60_000) {
      const db = openDatabase(nodeDatabase(dataDir));
      try {
        return new Enrolments({ db, clock: systemClock, open: false }).invite(1, lifetimeMs);
      } finally {
        db.close();
      }
    },
    async stop() {
      await node?.shutdown();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
