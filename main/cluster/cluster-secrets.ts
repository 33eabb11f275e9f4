import type { Logger } from 'pino';
import type { SecretStore } from '../hosts/host.ts';
import { LaunchProblem } from '../hosts/launch-problem.ts';
import { openBytes, sealBytes } from '../storage/sealed-bytes.ts';
import { KEYS } from './cluster-keys.ts';
import type { OperatorSecret } from './operator-secret.ts';
import type { RedisClient } from './redis-client.ts';

/** What could not be put back is tried again after so long. */
const AGAIN_AFTER_MS = 1_000;

/**
 * Secrets that all nodes of a cluster share: in Redis, sealed with AES-256-GCM under a key that is
 * derived from the operators' secret. Who can read Redis alone has nothing to sign with.
 */
export class ClusterSecrets implements SecretStore {
  readonly kind = 'file';
  readonly #redis: RedisClient;
  readonly #operatorSecret: OperatorSecret;
  readonly #logger: Logger;
  /** What was read or made, in case Redis loses it. */
  readonly #known = new Map<string, Uint8Array>();

  constructor(options: { redis: RedisClient; operatorSecret: OperatorSecret; logger: Logger }) {
    this.#redis = options.redis;
    this.#operatorSecret = options.operatorSecret;
    this.#logger = options.logger;
  }

  /** Throws `cluster-secret-wrong` where it was sealed under another operators' secret. */
  async get(name: string): Promise<Uint8Array | undefined> {
    const sealed = await this.#redis.get(KEYS.secret(name));
    if (sealed === null) return undefined;
    const secret = this.#open(name, Buffer.from(sealed, 'base64url'));
    this.#known.set(name, secret);
    return secret;
  }

  /** The first node's secret stays: one that is there already is left as it is. */
  async set(name: string, secret: Uint8Array): Promise<void> {
    const sealed = sealBytes(this.#keyFor(name), name, secret).toString('base64url');
    await this.#redis.set(KEYS.secret(name), sealed, { condition: 'NX' });
  }

  /** The secret that all share; where there is none yet, this one. */
  async share(name: string, own: () => Promise<Uint8Array>): Promise<void> {
    if (await this.get(name)) return;
    await this.set(name, await own());
    await this.get(name);
  }

  /** Redis may have lost them: a node that starts then would sign with a key of its own. */
  async putBack(): Promise<void> {
    try {
      for (const [name, secret] of this.#known) await this.set(name, secret);
    } catch (err) {
      if (!this.#redis.isOpen) return;
      this.#logger.error({ err }, 'the nodes’ common secrets could not be put back into Redis yet');
      setTimeout(() => void this.putBack(), AGAIN_AFTER_MS).unref();
    }
  }

  #keyFor(name: string): Uint8Array {
    return this.#operatorSecret.keyFor(`secret:${name}`);
  }

  #open(name: string, sealed: Buffer): Uint8Array {
    try {
      return new Uint8Array(openBytes(this.#keyFor(name), name, sealed));
    } catch (cause) {
      throw new LaunchProblem(
        'cluster-secret-wrong',
        'The secret in --cluster-secret-file is not the one that the other nodes of this Redis have. Give all of them the same file.',
        { cause },
      );
    }
  }
}
