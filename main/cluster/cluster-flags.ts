import { resolve } from 'node:path';
import { badArguments } from '../hosts/launch-problem.ts';

/** What the command line says of other nodes that serve the same community. */
export interface ClusterFlags {
  /** `undefined` for a node that is alone. */
  cluster:
    | {
        /** `redis://` or `rediss://`. */
        url: string;
        /** Absolute. */
        secretFile: string;
        /** It carries rooms; another node has members, posts and projects. */
        roomsOnly: boolean;
      }
    | undefined;
}

/** The flags for `parseArgs`. */
export const clusterFlags = {
  redis: { type: 'string' },
  'cluster-secret-file': { type: 'string' },
  'rooms-only': { type: 'boolean' },
} as const;

export const CLUSTER_USAGE = `  --redis URL  serve rooms together with the other nodes on this Redis (redis:// or rediss://);
               a user and password may stand in it or in SWARM_REDIS_URL, which takes its place
  --cluster-secret-file FILE
               a secret that all of these nodes share
  --rooms-only carry rooms alone: one node without this has members, posts and projects
`;

interface Values {
  redis?: string | boolean | undefined;
  'cluster-secret-file'?: string | boolean | undefined;
  'rooms-only'?: string | boolean | undefined;
}

/**
 * Throws `bad-arguments`.
 *
 * @param env its `SWARM_REDIS_URL` is taken rather than `--redis`, which everybody on the machine sees
 */
export function readClusterFlags(values: Values, env: NodeJS.ProcessEnv): ClusterFlags {
  const { redis, 'cluster-secret-file': secretFile, 'rooms-only': roomsOnly = false } = values;
  const url = env.SWARM_REDIS_URL || redis;
  if (typeof url !== 'string') {
    if (secretFile === undefined && !roomsOnly) return { cluster: undefined };
    throw badArguments('--cluster-secret-file and --rooms-only go with --redis.');
  }
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw badArguments(
      '--redis must be like redis://127.0.0.1:6379 or rediss://user:password@host:6380.',
    );
  }
  if (typeof secretFile !== 'string') {
    throw badArguments('--redis needs --cluster-secret-file, the same file on all nodes.');
  }
  return { cluster: { url, secretFile: resolve(secretFile), roomsOnly: roomsOnly === true } };
}
