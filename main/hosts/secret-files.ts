import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of secrets become file names. */
const SecretName = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Files that only this user can read, each written whole or not at all. */
export class SecretFiles {
  readonly #dir: string;
  readonly #warn: (sentence: string) => void;

  /**
   * @param dir made where there is none.
   * @param warn told when something was readable by others and has been closed.
   */
  constructor(dir: string, warn: (sentence: string) => void) {
    this.#dir = dir;
    this.#warn = warn;
  }

  /** `undefined` when there is none. `suffix` starts with a dot, or is empty. */
  async read(name: string, suffix: string): Promise<Uint8Array | undefined> {
    if (!(await this.has(name, suffix))) return undefined;
    const path = this.#path(name, suffix);
    await this.#close(this.#dir, 0o700);
    await this.#close(path, 0o600);
    return new Uint8Array(await readFile(path));
  }

  async has(name: string, suffix: string): Promise<boolean> {
    return access(this.#path(name, suffix)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
  }

  /** On disk, synced and under its name, or rejected with nothing changed. */
  async write(name: string, suffix: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(name, suffix);
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    await this.#close(this.#dir, 0o700);
    const sibling = `${path}.${randomBytes(6).toString('hex')}.new`;
    try {
      const file = await open(sibling, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(sibling, path);
    } catch (error) {
      await rm(sibling, { force: true });
      throw error;
    }
  }

  async remove(name: string, suffix: string): Promise<void> {
    await rm(this.#path(name, suffix), { force: true });
  }

  #path(name: string, suffix: string): string {
    if (!SecretName.test(name)) throw new Error(`"${name}" can't name a secret`);
    return join(this.#dir, `${name}${suffix}`);
  }

  /** Takes away what others may do. Windows keeps a profile's folders to its user by itself. */
  async #close(path: string, mode: number): Promise<void> {
    if (process.platform === 'win32') return;
    const found = (await stat(path)).mode & 0o777;
    if ((found & ~mode) === 0) return;
    await chmod(path, mode);
    this.#warn(
      `${path} could be read by others (mode ${found.toString(8)}); now only you can (${mode.toString(8)}). If somebody else uses this machine, treat the key in it as known to them.`,
    );
  }
}
