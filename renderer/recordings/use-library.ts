import { useCallback, useEffect, useRef, useState } from 'react';
import type {
  LibraryEntry,
  LibraryOverview,
  LibrarySort,
} from '../../protocol/recording-library.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { type Explanation, explain } from '../ui/explain.ts';
import {
  type LibraryPages,
  NO_PAGES,
  PAGE_ROWS,
  pageOffsets,
  withEntry,
  withPage,
} from './library-pages.ts';
import { orderOf } from './library-words.ts';

export interface LibraryView {
  pages: LibraryPages;
  overview: LibraryOverview | undefined;
  status: 'loading' | 'ready' | 'failed';
  problem: Explanation | undefined;
  /** Asks for the rows that are shown and were not asked for yet. */
  show: (first: number, last: number) => void;
  /** A row changed by what the person did. */
  replace: (entry: LibraryEntry) => void;
  setOverview: (overview: LibraryOverview) => void;
  /** Asks for everything anew, and keeps what is shown until it comes. */
  refresh: () => void;
}

/** One search in one order at one time: what was asked for, and whether its first page is there. */
interface Question {
  asked: Set<number>;
  answered: boolean;
}

/** The owner's recordings as they are searched and sorted, kept up to date while they are shown. */
export function useLibrary(bridge: Bridge, search: string, sort: LibrarySort): LibraryView {
  const [pages, setPages] = useState<LibraryPages>(NO_PAGES);
  const [overview, setOverview] = useState<LibraryOverview>();
  const [status, setStatus] = useState<LibraryView['status']>('loading');
  const [problem, setProblem] = useState<Explanation>();
  const [version, setVersion] = useState(0);
  const question = useRef<Question>({ asked: new Set(), answered: false });
  const shown = useRef({ search: '', sort: '' });
  const refresh = useCallback(() => setVersion((n) => n + 1), []);

  const load = useCallback(
    async (offset: number, of: Question) => {
      of.asked.add(offset);
      const page = await bridge.call('library.list', {
        ...{ search, sort, order: orderOf(sort), withExpired: false },
        ...{ offset, limit: PAGE_ROWS },
      });
      if (of !== question.current) return;
      const same = shown.current.search === search && shown.current.sort === sort;
      shown.current = { search, sort };
      of.answered = true;
      setPages((current) => withPage(same ? current : NO_PAGES, offset, page));
    },
    [bridge, search, sort],
  );

  const fail = useCallback((error: unknown) => {
    setProblem(explain(error));
    setStatus('failed');
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version asks again.
  useEffect(() => {
    const asking: Question = { asked: new Set(), answered: false };
    question.current = asking;
    Promise.all([load(0, asking), bridge.call('library.overview', undefined)]).then(
      ([, whole]) => {
        if (asking !== question.current) return;
        setOverview(whole);
        setStatus('ready');
      },
      (error: unknown) => asking === question.current && fail(error),
    );
  }, [bridge, load, fail, version]);

  useEffect(() => {
    const stop = [
      bridge.on('recording.changed', refresh),
      bridge.on('library.job', ({ state, kind }) => {
        if (state === 'done' && kind === 'verify') refresh();
      }),
    ];
    return () => {
      for (const each of stop) each();
    };
  }, [bridge, refresh]);

  const show = useCallback(
    (first: number, last: number) => {
      const { asked, answered } = question.current;
      if (!answered) return;
      for (const offset of pageOffsets(pages.total, first, last)) {
        if (!asked.has(offset)) load(offset, question.current).catch(fail);
      }
    },
    [pages, load, fail],
  );
  const replace = useCallback(
    (entry: LibraryEntry) => setPages((current) => withEntry(current, entry)),
    [],
  );
  return { pages, overview, status, problem, show, replace, setOverview, refresh };
}
