import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ReturnExchange, returnProofText } from '../../../preload/window-return.ts';
import type { Clock } from '../../clock.ts';
import type { SecretFiles } from '../secret-files.ts';

/** How long after a start the windows of the crashed one may come back. They ask every 1.5 s. */
export const RETURN_MS = 120_000;

const NAME = 'window-return';
const SUFFIX = '.key';

/**
 * The keys by which windows that were open when the studio crashed prove themselves to the next
 * start. What they are made from lies in the data folder from start to orderly stop: after one, no
 * window comes back.
 */
export class WindowReturn {
  readonly #files: SecretFiles;
  readonly #root: Uint8Array;
  readonly #untilMs: number;
  readonly #clock: Clock;
  readonly #first = Promise.withResolvers<void>();

  private constructor(files: SecretFiles, root: Uint8Array, untilMs: number, clock: Clock) {
    this.#files = files;
    this.#root = root;
    this.#untilMs = untilMs;
    this.#clock = clock;
  }

  static async open(files: SecretFiles, clock: Clock): Promise<WindowReturn> {
    const kept = await files.read(NAME, SUFFIX);
    if (kept) return new WindowReturn(files, kept, clock() + RETURN_MS, clock);
    const root = randomBytes(32);
    await files.write(NAME, SUFFIX, root);
    return new WindowReturn(files, root, Number.NEGATIVE_INFINITY, clock);
  }

  /** The last start did not stop in order, so that a window of it may be waiting. */
  get isExpected(): boolean {
    return this.#clock() < this.#untilMs;
  }

  /** Resolves when a window has come back. */
  get first(): Promise<void> {
    return this.#first.promise;
  }

  /** What a window is given to prove itself with, as base64url. */
  keyOf(windowId: string): string {
    return createHmac('sha256', this.#root).update(windowId).digest('base64url');
  }

  /** The studio's proof that it is the one whose window this was. */
  prove(exchange: ReturnExchange): string {
    return this.#proof('studio', exchange).toString('base64url');
  }

  /** In constant time. */
  isProof(proof: string, exchange: ReturnExchange): boolean {
    const given = Buffer.from(proof, 'base64url');
    const wanted = this.#proof('window', exchange);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  cameBack(): void {
    this.#first.resolve();
  }

  /** The studio stops in order. */
  async forget(): Promise<void> {
    await this.#files.remove(NAME, SUFFIX);
  }

  #proof(side: 'studio' | 'window', exchange: ReturnExchange): Buffer {
    const key = Buffer.from(this.keyOf(exchange.windowId), 'base64url');
    return createHmac('sha256', key).update(returnProofText(side, exchange)).digest();
  }
}
