import { useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { FeedPage, FeedRef, Post } from '../../protocol/posts.ts';
import { explain } from '../ui/explain.ts';
import { usePolling } from '../ui/use-polling.ts';
import { useFeedContext } from './feed-context.ts';
import {
  appendPage,
  firstPage,
  refreshTop,
  withChangedPost,
  withoutPost,
  withPost,
} from './feed-pages.ts';
import type { FeedState, ShelvedFeed } from './feed-shelf.ts';

/** How often a visible feed is asked for: while nothing is heard of it, and to be sure. */
const REFRESH_MS = 5_000;
const REASSURANCE_MS = 60_000;

export interface FeedView extends FeedState {
  measured: ShelvedFeed['measured'];
  loadMore: () => Promise<void>;
  refresh: () => Promise<void>;
}

export interface FeedSource {
  /** Names it among all that this window shows. */
  key: string;
  /** A memoised function. */
  load: (cursor?: string) => Promise<FeedPage>;
  /** Where news of it comes by itself; absent for what is only asked for. */
  ref?: FeedRef;
  /** Whether a new post is on this feed. */
  holds?: (post: Post) => boolean;
}

/**
 * A feed that keeps itself fresh: it hears of its posts over the socket, and asks where there is
 * none.
 *
 * @param changeKey when it changes, the feed is asked for at once.
 */
export function useFeed(source: FeedSource, changeKey: string): FeedView {
  const { key, load, ref, holds } = source;
  const { shelf } = useFeedContext();
  const { store, measured } = useMemo(() => shelf.take(key), [shelf, key]);
  const state = useStore(store);
  const [connected, setConnected] = useState(false);

  const refresh = useCallback(async () => {
    try {
      const page = await load();
      store.setState((feed) => ({
        ...(feed.status === 'ready' ? refreshTop(feed, page) : firstPage(page)),
        status: 'ready',
        problem: undefined,
      }));
    } catch (error) {
      store.setState(({ status }) => ({
        problem: explain(error),
        status: status === 'ready' ? 'ready' : 'failed',
      }));
    }
  }, [load, store]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says that something changed.
  useEffect(() => {
    void refresh();
  }, [refresh, changeKey]);

  useFeedNews(ref, holds, store, setConnected, refresh);
  usePolling(refresh, connected ? REASSURANCE_MS : REFRESH_MS);

  const loadMore = useCallback(async () => {
    const { nextCursor, loadingMore } = store.getState();
    if (nextCursor === undefined || loadingMore) return;
    store.setState({ loadingMore: true });
    try {
      const page = await load(nextCursor);
      store.setState((feed) => ({ ...appendPage(feed, page), problem: undefined }));
    } catch (error) {
      store.setState({ problem: explain(error) });
    } finally {
      store.setState({ loadingMore: false });
    }
  }, [load, store]);

  return { ...state, measured, loadMore, refresh };
}

function useFeedNews(
  ref: FeedRef | undefined,
  holds: FeedSource['holds'],
  store: ShelvedFeed['store'],
  setConnected: (now: boolean) => void,
  refresh: () => Promise<void>,
): void {
  const { line } = useFeedContext();
  const address = ref && JSON.stringify(ref);
  useEffect(() => {
    if (address === undefined) return;
    const stop = line.follow(JSON.parse(address), {
      connected(now) {
        setConnected(now);
        if (now) void refresh();
      },
      news(news) {
        store.setState((feed) => {
          switch (news.type) {
            case 'post:created':
              return holds?.(news.post) ? withPost(feed, news.post) : feed;
            case 'post:updated':
              return holds?.(news.post) ? withChangedPost(feed, news.post) : feed;
            case 'post:deleted':
              return withoutPost(feed, news.postId);
            case 'room:status':
              return { viewers: withViewers(feed.viewers, news) };
          }
        });
      },
    });
    return () => {
      stop();
      setConnected(false);
    };
  }, [line, address, holds, store, setConnected, refresh]);
}

function withViewers(
  viewers: ReadonlyMap<string, number>,
  told: { roomId: string; liveStatus: string; concurrentViewers: number },
): ReadonlyMap<string, number> {
  const next = new Map(viewers);
  if (told.liveStatus === 'live') next.set(told.roomId, told.concurrentViewers);
  else next.delete(told.roomId);
  return next;
}
