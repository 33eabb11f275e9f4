import { safeStorage } from 'electron';
import { FileSecretStore, PLAIN, SEALED } from '../file-secret-store.ts';
import type { SecretStore } from '../host.ts';
import type { SecretFiles } from '../secret-files.ts';

/** Secrets in files that the system's key ring has encrypted (`safeStorage`). */
class KeychainSecretStore implements SecretStore {
  readonly kind = 'keychain';
  readonly #files: SecretFiles;

  constructor(files: SecretFiles) {
    this.#files = files;
  }

  /** A secret that another host left in the clear is taken over and sealed. */
  async get(name: string): Promise<Uint8Array | undefined> {
    const sealed = await this.#files.read(name, SEALED);
    if (sealed) return Buffer.from(safeStorage.decryptString(Buffer.from(sealed)), 'base64url');
    const plain = await this.#files.read(name, PLAIN);
    if (plain) {
      await this.set(name, plain);
      await this.#files.remove(name, PLAIN);
    }
    return plain;
  }

  async set(name: string, secret: Uint8Array): Promise<void> {
    const text = Buffer.from(secret).toString('base64url');
    await this.#files.write(name, SEALED, safeStorage.encryptString(text));
  }
}

/**
 * The best store this desktop has: its key ring, or files only this user can read. Only after
 * the app is ready.
 *
 * @param onFallback told why the key ring is not used.
 */
export function chooseSecretStore(
  files: SecretFiles,
  onFallback: (sentence: string) => void,
): SecretStore {
  if (safeStorage.isEncryptionAvailable() && !isBasicText()) return new KeychainSecretStore(files);
  onFallback(
    'This desktop has no key ring to encrypt with: the studio keeps its keys in files that only you can read.',
  );
  return new FileSecretStore(files);
}

/** Linux without a key ring: Electron would encrypt with a password that everybody knows. */
function isBasicText(): boolean {
  return process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
}
