import { ProtocolError } from '../../../protocol/errors.ts';
import { StallWatch } from '../packaging/stall-watch.ts';
import type { RecordingTroubles } from './recording-troubles.ts';

/** Slices come every 0.4 s. People are to know within 2 s when they don't. */
const LATE_MS = 1_800;

const STORAGE = ['storage-full', 'storage-unwritable'] as const;

/** Notices when slices stop coming, and when the disk refuses them or takes long. */
export class SliceWatch {
  readonly #troubles: RecordingTroubles;
  readonly #arrivals: StallWatch;
  readonly #disk: StallWatch;
  #writing = 0;
  #paused = false;
  #ended = false;

  constructor(troubles: RecordingTroubles) {
    this.#troubles = troubles;
    this.#arrivals = new StallWatch(LATE_MS, () => troubles.raise('recorder-silent'));
    this.#disk = new StallWatch(LATE_MS, () => troubles.raise('storage-slow'));
  }

  /** Watches one slice being written. Rejects as `write` does. */
  async during(write: () => Promise<void>): Promise<void> {
    // A window that waits for the disk is not silent.
    this.#arrivals.rest();
    this.#troubles.clear('recorder-silent');
    if (this.#writing === 0) this.#disk.expect();
    this.#writing += 1;
    try {
      await write();
      this.#troubles.clear(...STORAGE);
    } catch (error) {
      const code = error instanceof ProtocolError && STORAGE.find((known) => known === error.code);
      if (code && !this.#ended) this.#troubles.raise(code);
      throw error;
    } finally {
      this.#writing -= 1;
      this.#troubles.clear('storage-slow');
      if (this.#writing > 0) this.#disk.progress();
      else this.#wrote();
    }
  }

  /** While it is paused no slices are missed. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      this.#arrivals.expect();
      return;
    }
    this.#arrivals.rest();
    this.#troubles.clear('recorder-silent', 'recorder-restarting');
  }

  end(): void {
    this.#ended = true;
    this.#arrivals.rest();
    this.#disk.rest();
  }

  #wrote(): void {
    this.#disk.rest();
    if (!this.#paused && !this.#ended) this.#arrivals.expect();
  }
}
