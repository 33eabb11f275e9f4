import type { Point } from '../links/link-history.ts';
import styles from './Panel.module.css';
import { sparklinePath } from './sparkline-path.ts';

const WIDTH = 88;
const HEIGHT = 18;

/**
 * A minute of one figure. A plain path: five of them for each of eleven people are drawn every
 * second, for which a charting library's canvases, axes and listeners would be a waste.
 */
export function Sparkline(props: { points: readonly Point[]; top: number; label: string }) {
  const { points, top, label } = props;
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`}
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className={styles.floor} />
      <path d={sparklinePath(points, { width: WIDTH, height: HEIGHT, top })} />
    </svg>
  );
}
