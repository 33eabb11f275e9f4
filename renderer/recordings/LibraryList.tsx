import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { Bridge } from '../bridge/bridge.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import styles from './LibraryList.module.css';
import { LibraryRow } from './LibraryRow.tsx';
import type { LibraryView } from './use-library.ts';

/** What a row takes before it was measured. */
const ROW_PX = 77;

export interface LibraryListProps {
  bridge: Bridge;
  library: LibraryView;
  /** The node that the window is on has the replays. */
  watchable: boolean;
}

/**
 * The list of recordings: of however many there are, the rows in sight are in the page, and the
 * one that has the focus.
 */
export function LibraryList({ bridge, library, watchable }: LibraryListProps) {
  const { pages, show } = library;
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState<number>();
  const rows = useVirtualizer({
    count: pages.total,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getScrollElement: () => document.getElementById('page'),
    scrollMargin: list.current?.offsetTop ?? 0,
    rangeExtractor(range) {
      const inSight = defaultRangeExtractor(range);
      if (focused === undefined || focused >= range.count || inSight.includes(focused)) {
        return inSight;
      }
      return [...inSight, focused].sort((a, b) => a - b);
    },
  });
  const items = rows.getVirtualItems();
  const first = rows.range?.startIndex ?? 0;
  const last = rows.range?.endIndex ?? 0;
  useEffect(() => show(first, last), [show, first, last]);

  return (
    <ul
      ref={list}
      aria-label="Recordings"
      className={styles.list}
      style={{ height: rows.getTotalSize() }}
      onBlur={() => setFocused(undefined)}
    >
      {items.map(({ index, start }) => {
        const entry = pages.entries.get(index);
        return (
          <li
            key={entry?.recordingId ?? index}
            ref={rows.measureElement}
            data-index={index}
            aria-setsize={pages.total}
            aria-posinset={index + 1}
            className={styles.place}
            style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
            onFocus={() => setFocused(index)}
          >
            {entry ? (
              <LibraryRow {...{ bridge, entry, watchable }} onChanged={library.replace} />
            ) : (
              <div className={styles.waiting}>
                <Skeleton width="40%" height="20px" />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
