import { useMemo } from 'react';
import styles from './ConstellationArt.module.css';
import { constellation } from './constellation.ts';

/** A quiet drawing in place of a picture. */
export function ConstellationArt({ seed }: { seed: string }) {
  const { stars, edges } = useMemo(() => constellation(seed), [seed]);
  return (
    <svg
      className={styles.art}
      viewBox="0 0 160 90"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {edges.map(([a, b]) => (
        <line
          key={`${a}-${b}`}
          x1={stars[a]?.x}
          y1={stars[a]?.y}
          x2={stars[b]?.x}
          y2={stars[b]?.y}
        />
      ))}
      {stars.map((star) => (
        <circle key={`${star.x}-${star.y}`} cx={star.x} cy={star.y} r={star.r} />
      ))}
    </svg>
  );
}
