import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Feed } from '../feed/Feed.tsx';
import { useFeed } from '../feed/use-feed.ts';
import { ChoiceField } from '../ui/ChoiceField.tsx';
import { Notice } from '../ui/Notice.tsx';
import pageStyles from '../ui/Page.module.css';
import { TextField } from '../ui/TextField.tsx';
import styles from './SearchPage.module.css';
import { wordsToMark } from './words-to-mark.ts';

/** While somebody types, the search waits for a pause of this length. */
const TYPING_MS = 250;

const KINDS = [
  { value: 'posts', label: 'Posts' },
  { value: 'replays', label: 'Replays' },
] as const;

export type SearchKind = (typeof KINDS)[number]['value'];

export interface SearchPageProps {
  /** What is looked for; empty before anything is. */
  query: string;
  kind: SearchKind;
}

/** Finds posts and replays by their words, tags and authors. */
export function SearchPage({ query, kind }: SearchPageProps) {
  usePageTitle(query ? `Search: ${query}` : 'Search');
  const navigate = useNavigate();
  const [typed, setTyped] = useState(query);
  useEffect(() => setTyped(query), [query]);
  useEffect(() => {
    if (typed.trim() === query) return;
    const timer = setTimeout(() => {
      void navigate({
        to: '/search',
        search: { q: typed.trim(), ...(kind === 'replays' && { only: 'replays' }) },
        replace: true,
      });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, query, kind, navigate]);

  return (
    <div className={pageStyles.page}>
      <h1 className={styles.title}>Search</h1>
      <search className={styles.form}>
        <TextField
          label="Search posts and replays"
          labelHidden
          type="search"
          placeholder="Words, #tag or @author"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className={styles.field ?? ''}
        />
        <ChoiceField
          legend="Show"
          value={kind}
          options={KINDS}
          onChange={(next: SearchKind) =>
            navigate({
              to: '/search',
              search: { q: typed.trim(), ...(next === 'replays' && { only: 'replays' }) },
              replace: true,
            })
          }
        />
      </search>
      {query ? (
        <Results query={query} kind={kind} />
      ) : (
        <Notice icon={<Search />} title="What are you looking for?">
          Every word has to be in the post; the last one may be just begun. #tag finds a tag,
          @author what somebody wrote.
        </Notice>
      )}
    </div>
  );
}

function Results({ query, kind }: SearchPageProps) {
  const { api } = useStudio();
  const load = useCallback(
    (cursor?: string) => api.search(query, kind === 'replays' ? kind : undefined, cursor),
    [api, query, kind],
  );
  const marked = useMemo(() => wordsToMark(query), [query]);
  const feed = useFeed({ key: `search ${kind} ${query}`, load }, '');
  const what = kind === 'replays' ? 'replay' : 'post';
  return (
    <Feed
      feed={feed}
      label="Results"
      marked={marked}
      emptyTitle="Nothing found"
      empty={`No ${what} that you may see has all of “${query}” in it.`}
    />
  );
}
