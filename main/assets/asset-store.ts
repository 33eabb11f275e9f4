import { hkdfSync } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { nanoid } from 'nanoid';
import type { PictureWidth } from '../../protocol/assets.ts';
import type { Clock } from '../clock.ts';
import { writeDurably } from '../recording/journal/durable-file.ts';
import { migrate } from '../storage/database.ts';
import { openBytes, sealBytes } from '../storage/sealed-bytes.ts';

const STEPS = [
  `CREATE TABLE assets (
     asset_id TEXT PRIMARY KEY,
     owner_user_id TEXT NOT NULL,
     created_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX assets_by_owner ON assets (owner_user_id, created_at);`,
];

export interface AssetStoreOptions {
  /** Absolute; holds a folder for each asset. */
  dir: string;
  db: DatabaseSync;
  clock: Clock;
  /** What their keys are derived from, 32 bytes. */
  masterKey: Uint8Array;
}

/**
 * Pictures of this node. Who may see one is settled by the posts that show it; on disk all are
 * encrypted (AES-256-GCM), so that a stolen folder shows nothing.
 */
export class AssetStore {
  readonly #options: AssetStoreOptions;

  constructor(options: AssetStoreOptions) {
    this.#options = options;
    migrate(options.db, 'assets', STEPS);
  }

  /** Keeps a picture; answers its id. It survives a power cut. */
  async put(ownerUserId: string, picture: ReadonlyMap<PictureWidth, Buffer>): Promise<string> {
    const assetId = `ast_${nanoid(16)}`;
    const dir = this.#dirOf(assetId);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (const [width, bytes] of picture) {
      await writeDurably(
        join(dir, String(width)),
        sealBytes(this.#keyOf(assetId), String(width), bytes),
      );
    }
    this.#options.db
      .prepare('INSERT INTO assets (asset_id, owner_user_id, created_at) VALUES (?, ?, ?)')
      .run(assetId, ownerUserId, this.#options.clock());
    return assetId;
  }

  /** Whose it is; `undefined` where there is none. */
  ownerOf(assetId: string): string | undefined {
    const row = this.#options.db
      .prepare('SELECT owner_user_id FROM assets WHERE asset_id = ?')
      .get(assetId);
    return row && String(row.owner_user_id);
  }

  /** The oldest first. */
  ofOwner(ownerUserId: string): string[] {
    return this.#options.db
      .prepare('SELECT asset_id FROM assets WHERE owner_user_id = ? ORDER BY created_at, rowid')
      .all(ownerUserId)
      .map((row) => String(row.asset_id));
  }

  /** WebP of this width. Rejects where its file is gone or was changed. */
  async read(assetId: string, width: PictureWidth): Promise<Buffer> {
    const sealed = await readFile(join(this.#dirOf(assetId), String(width)));
    return openBytes(this.#keyOf(assetId), String(width), sealed);
  }

  async remove(assetId: string): Promise<void> {
    this.#options.db.prepare('DELETE FROM assets WHERE asset_id = ?').run(assetId);
    await rm(this.#dirOf(assetId), { recursive: true, force: true });
  }

  #keyOf(assetId: string): Buffer {
    const { masterKey } = this.#options;
    return Buffer.from(hkdfSync('sha256', masterKey, '', `swarm-asset:v1:${assetId}`, 32));
  }

  #dirOf(assetId: string): string {
    return join(this.#options.dir, assetId);
  }
}
