import type { SecretStore } from './host.ts';
import { LaunchProblem } from './launch-problem.ts';
import type { SecretFiles } from './secret-files.ts';

/** Suffix of a secret that the system's key ring has encrypted. */
export const SEALED = '.sealed';
/** Suffix of a secret as it is. */
export const PLAIN = '.key';

/** Secrets in files that only this user can read: for hosts without a key ring. */
export class FileSecretStore implements SecretStore {
  readonly kind = 'file';
  readonly #files: SecretFiles;

  constructor(files: SecretFiles) {
    this.#files = files;
  }

  /**
   * Throws `secrets-locked` when the secret lies here encrypted: a new one in its place would
   * silently be another identity.
   */
  async get(name: string): Promise<Uint8Array | undefined> {
    const secret = await this.#files.read(name, PLAIN);
    if (secret || !(await this.#files.has(name, SEALED))) return secret;
    throw new LaunchProblem(
      'secrets-locked',
      "This studio's keys are encrypted by the system's key ring, which can't be used from here. Start it as the desktop app (npm start -- --host electron) with the key ring unlocked, or use another data folder with --data DIR.",
    );
  }

  set(name: string, secret: Uint8Array): Promise<void> {
    return this.#files.write(name, PLAIN, secret);
  }
}
