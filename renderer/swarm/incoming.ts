import type { WireMessage } from '../../protocol/swarm-wire.ts';

/** Why a request to another viewer came to nothing. */
export type RequestFailure = 'gone' | 'closed' | 'cancelled' | 'too-many';

/** A request that another viewer did not answer. */
export class RequestFailed extends Error {
  readonly reason: RequestFailure;

  constructor(reason: RequestFailure) {
    super(`The other viewer did not answer: ${reason}.`);
    this.name = 'RequestFailed';
    this.reason = reason;
  }
}

interface Pending {
  segment: number;
  /** Allocated when the other side has said that it will send. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
  sizeBytes: number;
  received: number;
  resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  reject: (error: Error) => void;
}

/** Requests that were called off and whose bytes may still be on the way. */
const MAX_CALLED_OFF = 64;

/**
 * What one viewer was asked for and sends. Each size is known beforehand from what the host signed;
 * a sender that says another, sends more, or sends what nobody asked for breaks the rules.
 */
export class Incoming {
  readonly #pending = new Map<number, Pending>();
  /** Bytes that may still come for a request that was called off. */
  readonly #calledOff = new Map<number, number>();
  #nextId = 0;

  get open(): number {
    return this.#pending.size;
  }

  /** Answers the new request's id, and what it will come to. */
  begin(
    segment: number,
    sizeBytes: number,
  ): { id: number; bytes: Promise<Uint8Array<ArrayBuffer>> } {
    const id = this.#nextId++;
    const bytes = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      const pending = { segment, sizeBytes, received: 0, bytes: undefined, resolve, reject };
      this.#pending.set(id, pending);
    });
    return { id, bytes };
  }

  /** Calls a request off. `false` when it was not open any more. */
  cancel(id: number): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    this.#pending.delete(id);
    this.#calledOff.set(id, pending.sizeBytes - pending.received);
    const oldest = this.#calledOff.keys().next().value;
    if (this.#calledOff.size > MAX_CALLED_OFF && oldest !== undefined) {
      this.#calledOff.delete(oldest);
    }
    pending.reject(new RequestFailed('cancelled'));
    return true;
  }

  /** The other side has not got it. Answers what rule it broke, if any. */
  gone(id: number): string | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return this.#calledOff.has(id) ? undefined : 'answered what nobody asked';
    this.#pending.delete(id);
    pending.reject(new RequestFailed('gone'));
    return undefined;
  }

  /** The other side begins to send. Answers what rule it broke, if any. */
  announced(header: Extract<WireMessage, { type: 'data' }>): string | undefined {
    const pending = this.#pending.get(header.id);
    if (!pending) return this.#calledOff.has(header.id) ? undefined : 'sent what nobody asked for';
    if (pending.bytes) return 'began the same answer twice';
    if (header.segment !== pending.segment) return 'sent another segment than asked for';
    if (header.sizeBytes !== pending.sizeBytes) return 'sent a segment of another size';
    pending.bytes = new Uint8Array(pending.sizeBytes);
    return undefined;
  }

  /** A piece of an answer. Answers what rule it broke, if any. */
  chunk(id: number, chunk: Uint8Array): string | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return this.#late(id, chunk.length);
    if (!pending.bytes) return 'sent bytes without saying of what';
    if (pending.received + chunk.length > pending.sizeBytes) return 'sent more than it said';
    pending.bytes.set(chunk, pending.received);
    pending.received += chunk.length;
    if (pending.received < pending.sizeBytes) return undefined;
    this.#pending.delete(id);
    pending.resolve(pending.bytes);
    return undefined;
  }

  /** The channel has closed. */
  close(): void {
    for (const pending of this.#pending.values()) pending.reject(new RequestFailed('closed'));
    this.#pending.clear();
    this.#calledOff.clear();
  }

  #late(id: number, sizeBytes: number): string | undefined {
    const left = this.#calledOff.get(id);
    if (left === undefined) return 'sent bytes that nobody asked for';
    if (sizeBytes > left) return 'sent more than it said';
    this.#calledOff.set(id, left - sizeBytes);
    return undefined;
  }
}
