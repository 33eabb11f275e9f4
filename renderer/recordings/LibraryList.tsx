import { useEffect, useRef } from 'react';
import type { PlacementOverview } from '../../protocol/replicas.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useVirtualRows } from '../ui/use-virtual-rows.ts';
import styles from './LibraryList.module.css';
import { LibraryRow } from './LibraryRow.tsx';
import type { LibraryView } from './use-library.ts';

/** What a row takes before it was measured. */
const ROW_PX = 77;

export interface LibraryListProps {
  bridge: Bridge;
  library: LibraryView;
  /** On other nodes; `undefined` until they are known. */
  copies: PlacementOverview | undefined;
  /** The node that the window is on has the replays. */
  watchable: boolean;
}

/**
 * The list of recordings: of however many there are, the rows in sight are in the page, and the
 * one that has the focus.
 */
export function LibraryList({ bridge, library, copies, watchable }: LibraryListProps) {
  const copiesOf = new Map(
    copies?.recordings.map(({ recordingId, copies: known }) => [recordingId, known]),
  );
  const { pages, show } = library;
  const list = useRef<HTMLUListElement>(null);
  const { virtualizer, totalPx, rows, focused, blurred } = useVirtualRows({
    ...{ count: pages.total, estimatedPx: ROW_PX, list },
  });
  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;
  useEffect(() => show(first, last), [show, first, last]);

  return (
    <ul
      ref={list}
      aria-label="Recordings"
      className={styles.list}
      style={{ height: totalPx }}
      onBlur={blurred}
    >
      {rows.map(({ index, offsetPx }) => {
        const entry = pages.entries.get(index);
        return (
          <li
            key={entry?.recordingId ?? index}
            ref={virtualizer.measureElement}
            data-index={index}
            aria-setsize={pages.total}
            aria-posinset={index + 1}
            className={styles.place}
            style={{ transform: `translateY(${offsetPx}px)` }}
            onFocus={() => focused(index)}
          >
            {entry ? (
              <LibraryRow
                {...{ bridge, entry, watchable }}
                copies={copiesOf.get(entry.recordingId) ?? []}
                onChanged={library.replace}
              />
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
