import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SecretStore } from '../hosts/host.ts';
import { LaunchProblem } from '../hosts/launch-problem.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { KEYS } from './cluster-keys.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Secrets that all nodes of a cluster share: in Redis, sealed with AES-256-GCM under a key that is
 * derived from the operator's secret. Who can read Redis alone has nothing to sign with.
 */
export class ClusterSecrets implements SecretStore {
  readonly kind = 'file';
  readonly #bus: ClusterBus;
  readonly #operatorSecret: string;
  /** What was read or made, in case Redis loses it. */
  readonly #known = new Map<string, Uint8Array>();

  constructor(options: { bus: ClusterBus; operatorSecret: string }) {
    this.#bus = options.bus;
    this.#operatorSecret = options.operatorSecret;
    options.bus.on('resumed', () => {
      for (const [name, secret] of this.#known) this.set(name, secret).catch(() => undefined);
    });
  }

  /** Throws `cluster-secret-wrong` where it was sealed under another operator's secret. */
  async get(name: string): Promise<Uint8Array | undefined> {
    const sealed = await this.#bus.redis.get(KEYS.secret(name));
    if (sealed === null) return undefined;
    const secret = this.#open(name, Buffer.from(sealed, 'base64url'));
    this.#known.set(name, secret);
    return secret;
  }

  /** The first node's secret stays: one that is there already is left as it is. */
  async set(name: string, secret: Uint8Array): Promise<void> {
    const sealed = this.#seal(name, secret).toString('base64url');
    await this.#bus.redis.set(KEYS.secret(name), sealed, { condition: 'NX' });
  }

  /** The secret that all share; where there is none yet, this one. */
  async share(name: string, own: () => Promise<Uint8Array>): Promise<void> {
    if (await this.get(name)) return;
    await this.set(name, await own());
    await this.get(name);
  }

  #keyFor(name: string): Uint8Array {
    return new Uint8Array(
      hkdfSync('sha256', this.#operatorSecret, 'swarm-cluster:v1', `secret:${name}`, 32),
    );
  }

  #seal(name: string, secret: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyFor(name), nonce);
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  #open(name: string, sealed: Buffer): Uint8Array {
    try {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', this.#keyFor(name), nonce);
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const secret = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
      return new Uint8Array(Buffer.concat([decipher.update(secret), decipher.final()]));
    } catch (cause) {
      throw new LaunchProblem(
        'cluster-secret-wrong',
        'The secret in --cluster-secret-file is not the one that the other nodes of this Redis have. Give all of them the same file.',
        { cause },
      );
    }
  }
}
