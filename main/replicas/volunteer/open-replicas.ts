import type { DatabaseSync } from 'node:sqlite';
import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { SecretStore } from '../../hosts/host.ts';
import { openMasterKey } from '../../recording/keys/master-key.ts';
import type { Access } from '../../rendezvous/access.ts';
import { ReplicaIndex } from './replica-index.ts';
import { ReplicaKeeper } from './replica-keeper.ts';
import { ReplicaObjects } from './replica-objects.ts';
import { replicaReplayRoutes } from './replica-replay-routes.ts';
import { replicaRoutes } from './replica-routes.ts';

/** How often copies whose time is up are looked for. */
const SWEEP_MS = 60_000;

export interface ReplicasOptions {
  /** Absolute; holds the files. */
  dir: string;
  /** 0 keeps none; what is here from before is still served until its time is up. */
  quotaBytes: number;
  takesFrom: 'enrolled' | 'everybody';
  db: DatabaseSync;
  secrets: SecretStore;
  access: Access;
  clock: Clock;
  logger: Logger;
}

/** This node as one that keeps copies of others' recordings. */
export interface Replicas {
  routes: FastifyPluginAsync[];
  /** Origins with further copies of what is here: its pages may fetch from there. */
  pageSources: () => readonly string[];
  /** Deletes what is not to be kept any longer. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export async function openReplicas(options: ReplicasOptions): Promise<Replicas> {
  const { dir, quotaBytes, takesFrom, db, access, clock, logger } = options;
  const index = new ReplicaIndex(db);
  const objects = new ReplicaObjects({ dir, masterKey: await openMasterKey(options.secrets) });
  const keeper = new ReplicaKeeper({ index, objects, clock, quotaBytes, takesFrom });
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = sweeping
      .then(() => keeper.sweep())
      .catch((err: unknown) => {
        logger.warn({ err }, 'old copies could not be deleted; it is tried again in a minute');
      });
    return sweeping;
  };
  const timer = setInterval(sweep, SWEEP_MS).unref();
  return {
    routes: [
      replicaRoutes({ keeper, takes: quotaBytes > 0, access }),
      replicaReplayRoutes({ index, objects, access }),
    ],
    pageSources: () => index.copyOrigins,
    sweep,
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
