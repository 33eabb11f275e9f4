import { HISTORY_MS, type Point } from '../links/link-history.ts';

/** Points further apart than this are not joined: nothing is known of the time between them. */
const GAP_MS = 12_000;

/**
 * An SVG path of the last minute in a box of `width` by `height`: now is at the right, 0 at the
 * bottom. `top` is what touches the upper edge at least, so that a quiet line stays low.
 */
export function sparklinePath(
  points: readonly Point[],
  box: { width: number; height: number; top: number },
): string {
  const newest = points.at(-1);
  if (!newest) return '';
  const highest = Math.max(box.top, ...points.map(({ value }) => value));
  let before: Point | undefined;
  return points
    .map((point) => {
      const x = box.width * (1 - (newest.atMs - point.atMs) / HISTORY_MS);
      const y = box.height * (1 - point.value / highest);
      const joined = before !== undefined && point.atMs - before.atMs <= GAP_MS;
      before = point;
      return `${joined ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
