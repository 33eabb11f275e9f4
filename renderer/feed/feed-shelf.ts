import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Explanation } from '../ui/explain.ts';
import type { RowMeasurements } from '../ui/use-virtual-rows.ts';
import { EMPTY_FEED, type LoadedFeed } from './feed-pages.ts';

/** A feed as the window knows it. */
export interface FeedState extends LoadedFeed {
  status: 'loading' | 'ready' | 'failed';
  problem: Explanation | undefined;
  /** An older page is on its way. */
  loadingMore: boolean;
  /** How many watch each live room, by `roomId`. */
  viewers: ReadonlyMap<string, number>;
}

/** A feed's state, and how tall its rows were when they were last drawn. */
export interface ShelvedFeed {
  store: StoreApi<FeedState>;
  measured: RowMeasurements;
}

/** Feeds that stay loaded after one has left them: going back finds them as they were. */
const KEPT_FEEDS = 8;

const INITIAL: FeedState = {
  ...EMPTY_FEED,
  status: 'loading',
  problem: undefined,
  loadingMore: false,
  viewers: new Map(),
};

/** The feeds that were looked at last. */
export class FeedShelf {
  readonly #feeds = new Map<string, ShelvedFeed>();

  /** @param key names the feed, e.g. by its address */
  take(key: string): ShelvedFeed {
    const feed = this.#feeds.get(key) ?? { store: createStore(() => INITIAL), measured: [] };
    this.#feeds.delete(key);
    this.#feeds.set(key, feed);
    const [oldest] = this.#feeds.keys();
    if (this.#feeds.size > KEPT_FEEDS && oldest !== undefined) this.#feeds.delete(oldest);
    return feed;
  }
}
