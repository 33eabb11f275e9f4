/** In pixels of the picture. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

const ASPECT = 16 / 9;

/**
 * Where `count` tiles of 16:9 go in a picture: the grid that makes them largest, centred, its
 * last row too. Whole pixels, so that edges stay sharp.
 *
 * @param gap pixels between tiles and around them.
 */
export function tileLayout(count: number, width: number, height: number, gap: number): Rect[] {
  if (count === 0) return [];
  const { columns, tileWidth } = bestGrid(count, width, height, gap);
  const tileHeight = Math.floor(tileWidth / ASPECT);
  const rows = Math.ceil(count / columns);
  const top = Math.floor((height - rows * tileHeight - (rows - 1) * gap) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = Math.floor((width - inRow * tileWidth - (inRow - 1) * gap) / 2);
    return {
      x: left + (index % columns) * (tileWidth + gap),
      y: top + row * (tileHeight + gap),
      width: tileWidth,
      height: tileHeight,
    };
  });
}

function bestGrid(count: number, width: number, height: number, gap: number) {
  let best = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns + 1)) / columns;
    const byHeight = ((height - gap * (rows + 1)) / rows) * ASPECT;
    const tileWidth = Math.floor(Math.min(byWidth, byHeight));
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  return best;
}

/** The middle part of a source that fills a target without distortion, like CSS `cover`. */
export function coverCrop(source: { width: number; height: number }, target: Rect): Rect {
  const scale = Math.max(target.width / source.width, target.height / source.height);
  const width = target.width / scale;
  const height = target.height / scale;
  return { x: (source.width - width) / 2, y: (source.height - height) / 2, width, height };
}

/**
 * The text, or as much of its beginning as fits with an ellipsis.
 *
 * @param measure a text's width in the same unit as `maxWidth`.
 */
export function ellipsize(
  text: string,
  maxWidth: number,
  measure: (text: string) => number,
): string {
  if (measure(text) <= maxWidth) return text;
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  let fits = 0;
  let tooLong = characters.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (measure(shortened(characters, middle)) <= maxWidth) fits = middle;
    else tooLong = middle;
  }
  return shortened(characters, fits);
}

function shortened(characters: readonly string[], length: number): string {
  return `${characters.slice(0, length).join('').trimEnd()}…`;
}
