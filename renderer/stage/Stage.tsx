import { type CSSProperties, useLayoutEffect, useRef, useState } from 'react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { RoomTiles } from './RoomTiles.tsx';
import styles from './Stage.module.css';
import { tileGrid } from './tile-grid.ts';

/** As in Stage.module.css. */
const GAP = 12;

/** The tiles of the room, as large as they fit. */
export function Stage() {
  const count = useStreamingState(({ participants }) => Object.keys(participants).length);
  const stage = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const grid = tileGrid(Math.max(1, count), size.width, size.height, GAP);
  const rowWidth = grid.columns * (grid.tileWidth + GAP) - GAP;
  const style = { '--tile-width': `${grid.tileWidth}px`, '--row-width': `${rowWidth}px` };
  return (
    <section ref={stage} className={styles.stage} aria-label="Stage">
      <div className={styles.tiles} style={style as CSSProperties}>
        <RoomTiles />
      </div>
    </section>
  );
}
