import { hkdfSync } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../recording/journal/durable-file.ts';
import { openBytes, sealBytes } from '../storage/sealed-bytes.ts';

/** Within a recording's folder, so it goes with the recording. */
const FOLDER = 'storyboard';
const TRACK = 'storyboard.vtt';

export interface Storyboard {
  /** WebVTT. */
  track: string;
  /** WebP. */
  sheets: readonly Buffer[];
}

/** The storyboards of recordings; on disk all are encrypted (AES-256-GCM). */
export class StoryboardStore {
  readonly #folderOf: (recordingId: string) => string;
  readonly #masterKey: Uint8Array;

  /**
   * @param options.folderOf where a recording's files lie
   * @param options.masterKey what their keys are derived from, 32 bytes
   */
  constructor(options: { folderOf: (recordingId: string) => string; masterKey: Uint8Array }) {
    this.#folderOf = options.folderOf;
    this.#masterKey = options.masterKey;
  }

  /** Keeps a storyboard. Rejects with `ENOENT` where the recording's folder is gone. */
  async put(recordingId: string, { track, sheets }: Storyboard): Promise<void> {
    const dir = this.#dirOf(recordingId);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { mode: 0o700 });
    for (const [sheet, bytes] of sheets.entries()) {
      await this.#write(recordingId, `${sheet}.webp`, bytes);
    }
    // Last: where it is, all it names is there.
    await this.#write(recordingId, TRACK, Buffer.from(track));
  }

  /** Whether there is one that can be shown; one that was changed counts as none. */
  async has(recordingId: string): Promise<boolean> {
    const track = await this.track(recordingId).catch(() => undefined);
    return track !== undefined;
  }

  /** `undefined` where there is none; rejects where it was changed. */
  async track(recordingId: string): Promise<string | undefined> {
    return (await this.#read(recordingId, TRACK))?.toString('utf8');
  }

  /** As {@link track}. @param sheet from 0 */
  sheet(recordingId: string, sheet: number): Promise<Buffer | undefined> {
    return this.#read(recordingId, `${sheet}.webp`);
  }

  #write(recordingId: string, name: string, bytes: Uint8Array): Promise<void> {
    const sealed = sealBytes(this.#keyOf(recordingId), name, bytes);
    return writeDurably(join(this.#dirOf(recordingId), name), sealed);
  }

  async #read(recordingId: string, name: string): Promise<Buffer | undefined> {
    const sealed = await readFile(join(this.#dirOf(recordingId), name)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
    return sealed && openBytes(this.#keyOf(recordingId), name, sealed);
  }

  #keyOf(recordingId: string): Buffer {
    const purpose = `swarm-storyboard:v1:${recordingId}`;
    return Buffer.from(hkdfSync('sha256', this.#masterKey, '', purpose, 32));
  }

  #dirOf(recordingId: string): string {
    return join(this.#folderOf(recordingId), FOLDER);
  }
}
