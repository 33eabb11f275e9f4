/** What differs between the shells a studio can run in. Everything else is the same code. */
export interface Host {
  readonly kind: 'electron' | 'browser';
  /** The app's version, as in package.json. */
  readonly version: string;
  readonly secrets: SecretStore;
  readonly settings: SettingsStore;
  /** Shows a notification of the system's, or logs it where there is no desktop. */
  notify(message: { title: string; body: string }): void;
  /** Opens a folder in the system's file manager. Rejects with a sentence where there is none. */
  openFolder(path: string): Promise<void>;
  /** Keeps the machine awake until the returned function is called. */
  blockSleep(reason: string): () => void;
}

/** Keeps small secrets (keys) out of other people's sight. */
export interface SecretStore {
  /** `keychain`: encrypted by the system's key ring; `file`: a file only this user can read. */
  readonly kind: 'keychain' | 'file';
  get(name: string): Promise<Uint8Array | undefined>;
  set(name: string, secret: Uint8Array): Promise<void>;
}

/** One JSON document, read and written whole; the settings module owns its shape. */
export interface SettingsStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}
