import { ProtocolError } from '../../../protocol/errors.ts';
import type { ManifestFile } from '../../../protocol/recordings.ts';
import { type ExpectedRecording, refused, type SignedFiles } from './signed-files.ts';
import { verifyLiveManifest, verifyManifest } from './verify-manifest.ts';

/** Gets a file of the recording from its node, as JSON. Rejects with the node's refusal. */
export type FetchJson = (name: string, signal: AbortSignal) => Promise<unknown>;

/**
 * What the host signed of a recording that runs or is done: pages of the live manifest while there
 * is no other, and from its end the manifest. Each is fetched when a file is first asked for, and
 * checked before anything of it is believed; what could not be had is asked for again with the next
 * file.
 */
export class ManifestFiles implements SignedFiles {
  readonly #expected: ExpectedRecording;
  readonly #fetchJson: FetchJson;
  readonly #known = new Map<string, ManifestFile>();
  #asking: Promise<void> = Promise.resolve();
  #isRunning: boolean;
  #isComplete = false;

  /** @param isRunning asks for the live manifest first */
  constructor(expected: ExpectedRecording, fetchJson: FetchJson, isRunning: boolean) {
    this.#expected = expected;
    this.#fetchJson = fetchJson;
    this.#isRunning = isRunning;
  }

  async signedFile(name: string, signal: AbortSignal): Promise<ManifestFile> {
    // One after the other: the segments that follow are in the answer to the first.
    const asked = this.#asking.then(() => this.#learn(name, signal));
    this.#asking = asked.catch(() => undefined);
    await asked;
    const file = this.#known.get(name);
    if (file) return file;
    throw refused(`the host signed no ${name}`);
  }

  known(name: string): ManifestFile | undefined {
    return this.#known.get(name);
  }

  async #learn(name: string, signal: AbortSignal): Promise<void> {
    if (this.#isComplete || this.#known.has(name)) return;
    signal.throwIfAborted();
    if (this.#isRunning) {
      try {
        await this.#learnLive(segmentIndex(name), signal);
        return;
      } catch (error) {
        if (!isOver(error)) throw error;
        this.#isRunning = false;
      }
    }
    const input = await this.#fetchJson('manifest.json', signal);
    const { init, segments } = await verifyManifest(input, this.#expected);
    // After a crash the replay was made again, and what was signed before is not what it is now.
    this.#known.clear();
    this.#keep([init, ...segments]);
    this.#isComplete = true;
  }

  async #learnLive(from: number, signal: AbortSignal): Promise<void> {
    const input = await this.#fetchJson(`live.json?from=${from}`, signal);
    const { init, segments } = await verifyLiveManifest(input, this.#expected);
    this.#keep([init, ...segments]);
  }

  /** A file that was signed as one thing stays that. */
  #keep(files: readonly ManifestFile[]): void {
    for (const file of files) {
      const known = this.#known.get(file.uri);
      if (known && known.sha256 !== file.sha256) {
        throw refused(`${file.uri} was signed before as something else`);
      }
      this.#known.set(file.uri, file);
    }
  }
}

/** Segments are numbered by their place: `segment-000012.m4s` is the 13th. */
export function segmentIndex(name: string): number {
  return Number(/^segment-(\d+)\.m4s$/.exec(name)?.[1] ?? 0);
}

/** The node has no live manifest any more: the recording is done. */
function isOver(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'recording-not-live';
}
