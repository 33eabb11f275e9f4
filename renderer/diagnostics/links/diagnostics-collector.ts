import { type LinkSample, readLinkSample } from '../../rooms/link-sample.ts';
import { type LinkHistory, withSample } from './link-history.ts';

/** While somebody looks: a figure a second is what a person can follow. */
export const WATCHED_INTERVAL_MS = 1000;
/** Otherwise: enough for a minute of history the moment the panel opens, and hardly any work. */
export const UNWATCHED_INTERVAL_MS = 5000;

export interface CollectorOptions {
  /** Those one has a connection to, at this moment. */
  peers(): readonly string[];
  stats(peerId: string): Promise<RTCStatsReport | undefined>;
  readSample?: (report: RTCStatsReport, previous?: LinkSample) => LinkSample;
}

/** By `peerId`. */
export type LinkHistories = ReadonlyMap<string, LinkHistory>;

/** Samples every connection of the room, and keeps a minute of it. Idle until started. */
export class DiagnosticsCollector {
  readonly #options: CollectorOptions;
  readonly #listeners = new Set<() => void>();
  #histories: LinkHistories = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Another for each start: what a former run still waits for is dropped. */
  #run: symbol | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  get histories(): LinkHistories {
    return this.#histories;
  }

  /** Samples until {@link stop}: more often while anybody subscribes. */
  start(): void {
    if (this.#run) return;
    this.#run = Symbol('run');
    void this.#round(this.#run);
  }

  /** Stops and forgets. */
  stop(): void {
    this.#run = undefined;
    clearTimeout(this.#timer);
    this.#histories = new Map();
  }

  /** Calls back after each round, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    const wasWatched = this.#listeners.size > 0;
    this.#listeners.add(listener);
    // Whoever opens the panel sees figures of now, not of five seconds ago.
    if (!wasWatched && this.#run && this.#timer !== undefined) {
      clearTimeout(this.#timer);
      void this.#round(this.#run);
    }
    return () => void this.#listeners.delete(listener);
  }

  async #round(run: symbol): Promise<void> {
    this.#timer = undefined;
    const histories = await Promise.all(
      this.#options.peers().map(async (peerId) => {
        const history = this.#histories.get(peerId) ?? [];
        return [peerId, await this.#sample(peerId, history)] as const;
      }),
    );
    if (this.#run !== run) return;
    this.#histories = new Map(histories);
    for (const listener of this.#listeners) listener();
    const waitMs = this.#listeners.size > 0 ? WATCHED_INTERVAL_MS : UNWATCHED_INTERVAL_MS;
    this.#timer = setTimeout(() => void this.#round(run), waitMs);
  }

  /** A connection that is gone or being made anew has nothing to tell for now. */
  async #sample(peerId: string, history: LinkHistory): Promise<LinkHistory> {
    const read = this.#options.readSample ?? readLinkSample;
    try {
      const report = await this.#options.stats(peerId);
      return report && report.size > 0
        ? withSample(history, read(report, history.at(-1)))
        : history;
    } catch (error) {
      console.info('A connection did not tell how it does.', error);
      return history;
    }
  }
}
