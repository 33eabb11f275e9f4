import { encodeChunk, SWARM_WIRE, type WireMessage } from '../../protocol/swarm-wire.ts';
import type { WireChannel } from './wire-channel.ts';

/** So much may wait in a channel; with more, others' answers and our own requests would wait too. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * How often one viewer is sent the same segment: it may have lost it, or given up on us, but must
 * not be able to use up what this computer can send.
 */
const MAX_TIMES_SENT = 3;

export interface OutgoingOptions {
  channel: WireChannel;
  /** The bytes of a segment that was checked. */
  segment: (number: number) => Uint8Array<ArrayBuffer> | undefined;
  /** Told of the bytes of segments that were handed to the channel. */
  sent: (sizeBytes: number) => void;
}

/** What one viewer asked us for: answered one after the other, as fast as it reads. */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #wanted = new Map<number, number>();
  readonly #timesSent = new Map<number, number>();
  #isBusy = false;
  #isClosed = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** Answers what rule the asker broke, if any. */
  want(id: number, segment: number): string | undefined {
    if (this.#wanted.size >= SWARM_WIRE.openRequests) return 'asked for too much at once';
    if (this.#wanted.has(id)) return 'asked twice under one number';
    this.#wanted.set(id, segment);
    if (!this.#isBusy) void this.#answer();
    return undefined;
  }

  cancel(id: number): void {
    this.#wanted.delete(id);
  }

  close(): void {
    this.#isClosed = true;
    this.#wanted.clear();
  }

  async #answer(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      const next = this.#wanted.entries().next().value;
      if (!next) break;
      const [id, segment] = next;
      await this.#send(id, segment);
      this.#wanted.delete(id);
    }
    this.#isBusy = false;
  }

  async #send(id: number, segment: number): Promise<void> {
    const timesSent = this.#timesSent.get(segment) ?? 0;
    const bytes = timesSent < MAX_TIMES_SENT ? this.#options.segment(segment) : undefined;
    if (!bytes) return this.#tell({ type: 'gone', id });
    this.#timesSent.set(segment, timesSent + 1);
    this.#tell({ type: 'data', id, segment, sizeBytes: bytes.length });
    for (let from = 0; from < bytes.length; from += SWARM_WIRE.chunkBytes) {
      if (!this.#wanted.has(id)) return;
      const chunk = bytes.subarray(from, from + SWARM_WIRE.chunkBytes);
      this.#options.channel.send(encodeChunk(id, chunk));
      this.#options.sent(chunk.length);
      if (this.#options.channel.bufferedBytes > HIGH_WATER_BYTES) {
        await this.#options.channel.drained();
      }
    }
  }

  #tell(message: WireMessage): void {
    if (!this.#isClosed) this.#options.channel.send(JSON.stringify(message));
  }
}
