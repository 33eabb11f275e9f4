/** Tiles are as wide as cameras see. */
const RATIO = 16 / 9;

/** How tiles fill a stage. Sizes in CSS pixels. */
export interface TileGrid {
  columns: number;
  tileWidth: number;
  tileHeight: number;
}

/** Tiles this much narrower than the widest possible are taken for the sake of fewer rows. */
const COMPARABLE = 0.85;

/**
 * The number of columns that makes equal 16:9 tiles about as large as they can be; where several
 * do, the one with the fewest rows, since faces side by side are easier to follow.
 * @param count tiles, 1 or more. @param width,height of the stage. @param gap between tiles.
 */
export function tileGrid(count: number, width: number, height: number, gap: number): TileGrid {
  const grids = Array.from({ length: count }, (_, i) => gridOf(i + 1, count, width, height, gap));
  const widest = Math.max(...grids.map((grid) => grid.tileWidth));
  const good = grids.filter((grid) => grid.tileWidth >= widest * COMPARABLE);
  return good.at(-1) ?? { columns: 1, tileWidth: 0, tileHeight: 0 };
}

function gridOf(
  columns: number,
  count: number,
  width: number,
  height: number,
  gap: number,
): TileGrid {
  const rows = Math.ceil(count / columns);
  const byWidth = (width - gap * (columns - 1)) / columns;
  const byHeight = ((height - gap * (rows - 1)) / rows) * RATIO;
  const tileWidth = Math.floor(Math.max(0, Math.min(byWidth, byHeight)));
  return { columns, tileWidth, tileHeight: Math.floor(tileWidth / RATIO) };
}
