import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { SecretStore } from '../hosts/host.ts';
import { LaunchProblem } from '../hosts/launch-problem.ts';
import { NODE_SECRET, newNodeKey } from '../identity/stored-key.ts';
import { Cluster } from './cluster.ts';
import { ClusterBus } from './cluster-bus.ts';
import type { ClusterFlags } from './cluster-flags.ts';
import { ClusterSecrets } from './cluster-secrets.ts';
import { OperatorSecret } from './operator-secret.ts';

/** Shortest secret that is no password somebody thought of. */
const SECRET_CHARACTERS = 32;

export interface OpenClusterOptions {
  flags: NonNullable<ClusterFlags['cluster']>;
  /** What people see the node called. */
  name: string;
  /** The node's own: its key becomes everybody's, where there is none yet. */
  secrets: SecretStore;
  clock: Clock;
  logger: Logger;
  /** How far this node's clock may be from Redis', in ms. */
  clockOffMs?: number;
}

/**
 * Joins the nodes that share a Redis, or begins. Rejects with `redis-unreachable`, `clock-wrong`,
 * `cluster-secret-missing`, `cluster-secret-wrong`, `community-elsewhere`.
 */
export async function openCluster(
  options: OpenClusterOptions,
): Promise<{ cluster: Cluster; secrets: SecretStore }> {
  const { flags, name, clock, logger, clockOffMs } = options;
  const { url, secretFile, roomsOnly } = flags;
  const operatorSecret = await readSecret(secretFile);
  const hasCommunity = !roomsOnly;
  const bus = await ClusterBus.open({
    ...{ url, clock, logger, about: { name, hasCommunity } },
    operatorSecret,
    ...(clockOffMs !== undefined && { clockOffMs }),
  }).catch((cause: unknown) => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new LaunchProblem(
      'redis-unreachable',
      `Redis at ${withoutPassword(url)} can’t be used: ${detail}. Check that it runs, its address, user and password, and its certificate.`,
      { cause },
    );
  });
  try {
    if (bus.isClockOff) {
      throw new LaunchProblem(
        'clock-wrong',
        'This machine’s clock and that of Redis differ by more than 2 s. Set both right, e.g. with chrony.',
      );
    }
    const community = [...bus.others.values()].find((node) => node.hasCommunity);
    if (hasCommunity && community) {
      throw new LaunchProblem(
        'community-elsewhere',
        `The node “${community.name}” has the members, posts and projects of this community already. Start this one with --rooms-only.`,
      );
    }
    const secrets = new ClusterSecrets({ redis: bus.redis, operatorSecret, logger });
    bus.on('resumed', () => void secrets.putBack());
    await secrets.share(NODE_SECRET, async () => {
      const own = hasCommunity ? await options.secrets.get(NODE_SECRET) : undefined;
      return own ?? newNodeKey();
    });
    return { cluster: new Cluster({ bus, hasCommunity, logger }), secrets };
  } catch (error) {
    await bus.resign();
    await bus.close();
    throw error;
  }
}

async function readSecret(file: string): Promise<OperatorSecret> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LaunchProblem(
      'cluster-secret-missing',
      `${file} can’t be read. It holds a secret that all nodes share.`,
      { cause },
    );
  });
  const secret = text.trim();
  if (secret.length >= SECRET_CHARACTERS) return new OperatorSecret(secret);
  throw new LaunchProblem(
    'cluster-secret-missing',
    `${file} must hold ${SECRET_CHARACTERS} characters or more that nobody can guess, e.g. from: openssl rand -base64 48`,
  );
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.toString();
}
