import { useCallback, useEffect, useState } from 'react';
import type { FeedPage } from '../../protocol/posts.ts';
import { type Explanation, explain } from '../ui/explain.ts';
import { usePolling } from '../ui/use-polling.ts';
import { appendPage, type LoadedFeed, refreshTop } from './feed-pages.ts';

/** How often a visible feed asks for its first page again. */
const REFRESH_MS = 5_000;

const EMPTY: LoadedFeed = { posts: [], nextCursor: undefined };

export interface FeedView extends LoadedFeed {
  status: 'loading' | 'ready' | 'failed';
  problem: Explanation | undefined;
  /** An older page is on its way. */
  loadingMore: boolean;
  loadMore: () => Promise<void>;
  refresh: () => Promise<void>;
}

/**
 * A feed that keeps itself fresh. Pass a memoised `load`.
 * @param changeKey when it changes, the feed is asked for at once.
 */
export function useFeed(load: (cursor?: string) => Promise<FeedPage>, changeKey: string): FeedView {
  const [feed, setFeed] = useState(EMPTY);
  const [status, setStatus] = useState<FeedView['status']>('loading');
  const [problem, setProblem] = useState<Explanation>();
  const [loadingMore, setLoadingMore] = useState(false);

  const refresh = useCallback(async () => {
    try {
      const page = await load();
      setFeed((current) => refreshTop(current, page));
      setStatus('ready');
      setProblem(undefined);
    } catch (error) {
      setProblem(explain(error));
      setStatus((current) => (current === 'ready' ? 'ready' : 'failed'));
    }
  }, [load]);

  useEffect(() => {
    setFeed(EMPTY);
    setStatus('loading');
    let current = true;
    load().then(
      (page) => {
        if (!current) return;
        setFeed({ posts: page.posts, nextCursor: page.nextCursor });
        setStatus('ready');
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!current) return;
        setProblem(explain(error));
        setStatus('failed');
      },
    );
    return () => {
      current = false;
    };
  }, [load]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says that something changed.
  useEffect(() => {
    void refresh();
  }, [changeKey]);

  usePolling(refresh, REFRESH_MS);

  const { nextCursor } = feed;
  const loadMore = useCallback(async () => {
    if (nextCursor === undefined) return;
    setLoadingMore(true);
    try {
      const page = await load(nextCursor);
      setFeed((current) => appendPage(current, page));
      setProblem(undefined);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setLoadingMore(false);
    }
  }, [load, nextCursor]);

  return { ...feed, status, problem, loadingMore, loadMore, refresh };
}
