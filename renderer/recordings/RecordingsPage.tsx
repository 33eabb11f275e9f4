import { CloudOff, MonitorX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { LibrarySort } from '../../protocol/recording-library.ts';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { CopiesButton } from '../copies/CopiesButton.tsx';
import { useCopies } from '../copies/use-copies.ts';
import { Button } from '../ui/Button.tsx';
import { ChoiceField } from '../ui/ChoiceField.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { JobList } from './JobList.tsx';
import { LibraryList } from './LibraryList.tsx';
import { LibrarySummary } from './LibrarySummary.tsx';
import { SORTS } from './library-words.ts';
import { NoRecordings } from './NoRecordings.tsx';
import styles from './RecordingsPage.module.css';
import { useJobs } from './use-jobs.ts';
import { useLibrary } from './use-library.ts';

/** Everything that was recorded here, and what its owner does with it. */
export function RecordingsPage() {
  usePageTitle('Recordings');
  const { bridge, place } = useStudio();
  if (bridge) return <Library bridge={bridge} elsewhere={place?.kind !== 'own'} />;
  return (
    <Notice icon={<MonitorX />} title="Recordings belong to their studio" page>
      They are listed in the window of the studio that made them.
    </Notice>
  );
}

/** @param elsewhere the window is on another node, which doesn't have the replays */
function Library({ bridge, elsewhere }: { bridge: Bridge; elsewhere: boolean }) {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<LibrarySort>('startedAt');
  const library = useLibrary(bridge, useDeferredValue(search.trim()), sort);
  const { jobs, putAway } = useJobs(bridge);
  const copies = useCopies(bridge);
  const { overview, status, pages, problem } = library;
  const empty = overview?.count === 0;
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Recordings</h1>
        {overview && (
          <LibrarySummary
            bridge={bridge}
            overview={overview}
            onChanged={(changed) => {
              library.setOverview(changed);
              library.refresh();
            }}
          >
            <CopiesButton bridge={bridge} copies={copies} />
          </LibrarySummary>
        )}
      </header>
      {elsewhere && (
        <p className={styles.note}>
          You are on another node. To watch a recording, go back to your own studio, or export it.
        </p>
      )}
      <JobList bridge={bridge} jobs={jobs} onPutAway={putAway} />
      {status === 'failed' && (
        <Notice
          icon={<CloudOff />}
          title="The recordings could not be loaded"
          actions={<Button onClick={library.refresh}>Try again</Button>}
          alert
        >
          {problem?.message}
        </Notice>
      )}
      {status === 'loading' && (
        <div role="status" className={styles.loading}>
          <span className="visually-hidden">Loading recordings</span>
          <Skeleton height="72px" radius="10px" />
          <Skeleton height="72px" radius="10px" />
          <Skeleton height="72px" radius="10px" />
        </div>
      )}
      {status === 'ready' && empty && <NoRecordings />}
      {status === 'ready' && !empty && (
        <>
          <div className={styles.filters}>
            <TextField
              label="Search recordings"
              labelHidden
              type="search"
              placeholder="Search titles"
              maxLength={200}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              className={styles.search ?? ''}
            />
            <ChoiceField legend="Show first" value={sort} options={SORTS} onChange={setSort} />
          </div>
          <p role="status" className={pages.total === 0 ? styles.none : 'visually-hidden'}>
            {pages.total === 0
              ? `No recording has “${search.trim()}” in its title.`
              : `${pages.total.toLocaleString()} recordings`}
          </p>
          <LibraryList
            bridge={bridge}
            library={library}
            copies={copies.overview}
            watchable={!elsewhere}
          />
        </>
      )}
    </div>
  );
}
