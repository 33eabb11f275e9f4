import { type NodeFiles, NodeGone } from './node-files.ts';

/** The recording's own node is left alone for so long once it was not reached. */
const AWAY_MS = 30_000;

/** A node that has a copy of the recording. */
export interface CopySource {
  origin: string;
  files: Pick<NodeFiles, 'bytes'>;
}

export interface CopiedFilesOptions {
  own: Pick<NodeFiles, 'bytes'>;
  copies: readonly CopySource[];
  /** Told from where files come now: a copy's node, or `undefined` for the recording's own. */
  from: (origin: string | undefined) => void;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/**
 * Files of a recording from its own node, and while that can't be reached from nodes that have a
 * copy. What comes is checked by whoever asked, whichever node it comes from.
 */
export class CopiedFiles {
  readonly #options: CopiedFilesOptions;
  readonly #now: () => number;
  #ownAgainAt = Number.NEGATIVE_INFINITY;
  /** The copy that answered last comes first. */
  #order: readonly CopySource[];

  constructor(options: CopiedFilesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    // Not all viewers of a host that went away should ask the same node.
    this.#order = options.copies
      .map((copy) => ({ copy, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ copy }) => copy);
  }

  /** Rejects with the own node's refusal, or `NodeGone` where nobody has it. */
  async bytes(
    name: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { own, from } = this.#options;
    const isAway = this.#now() < this.#ownAgainAt;
    if (isAway && this.#order.length > 0) {
      const bytes = await this.#fromCopies(name, maxBytes, signal);
      if (bytes) return bytes;
    }
    try {
      const bytes = await own.bytes(name, maxBytes, signal);
      this.#ownAgainAt = Number.NEGATIVE_INFINITY;
      from(undefined);
      return bytes;
    } catch (error) {
      if (!(error instanceof NodeGone) || isAway) throw error;
      this.#ownAgainAt = this.#now() + AWAY_MS;
      const bytes = await this.#fromCopies(name, maxBytes, signal);
      if (bytes) return bytes;
      throw error;
    }
  }

  async #fromCopies(
    name: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (const copy of this.#order) {
      try {
        const bytes = await copy.files.bytes(name, maxBytes, signal);
        this.#order = [copy, ...this.#order.filter((other) => other !== copy)];
        this.#options.from(copy.origin);
        return bytes;
      } catch (error) {
        signal.throwIfAborted();
        console.info(`${copy.origin} does not have ${name}.`, error);
      }
    }
    return undefined;
  }
}
